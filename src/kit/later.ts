/** Timers of any length; a delay of `Infinity` never fires. */

/** The timer functions of the platform or of a clock. */
export interface Timeouts {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(id: unknown): void;
}

/** The longest delay in milliseconds; the platform treats longer ones as 0. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Looked up at each call, since a test may fake them at any time. */
const PLATFORM: Timeouts = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
};

/** Calls a function after any number of milliseconds; returns a function that prevents it. */
export function later(
  ms: number,
  run: () => void,
  timeouts: Timeouts = PLATFORM,
  keepsAlive = true,
): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {};
  let id: unknown;
  const wait = (left: number): void => {
    const part = Math.min(left, LONGEST_TIMEOUT);
    id = timeouts.setTimeout(() => (left > part ? wait(left - part) : run()), part);
    // In browsers and their imitations timers are numbers, which have no `unref`.
    if (!keepsAlive) (id as { unref?(): void }).unref?.();
  };
  wait(ms);
  return () => timeouts.clearTimeout(id);
}
