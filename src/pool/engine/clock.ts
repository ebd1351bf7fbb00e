/** Where a pool gets the time from. */

/** A clock and its timers: those of the platform, or of a simulation such as xstate's. */
export interface Clock {
  /** Wall time, in milliseconds since the epoch: the `at` of events. */
  now(): number;
  /** Calls a function after this many milliseconds; returns what `clearTimeout` takes. */
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(id: unknown): void;
  /** Milliseconds that never go back, for timers and durations. Default: `now()`. */
  monotonic?(): number;
}

/** The clock of the platform, looked up at each call: a test may fake it at any time. */
export const platformClock: Required<Clock> = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
};
