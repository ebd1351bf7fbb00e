/** Timers of any length; a delay of `Infinity` never fires. */

/** What timers are made of: those of the platform, or of a clock. */
export interface Timeouts {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(id: unknown): void;
}

/** The platform takes a delay of more milliseconds than this for one of none. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Looked up at each call: a test may fake them at any time. */
const PLATFORM: Timeouts = {
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
};

/** Calls a function after some milliseconds, however many; returns how to prevent it. */
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
    // Where timers are numbers, in a browser and where one is imitated, they keep nothing alive.
    if (!keepsAlive) (id as { unref?(): void }).unref?.();
  };
  wait(ms);
  return () => timeouts.clearTimeout(id);
}
