/**
 * The platform's time, looked up at each call because a test may replace it at any time. A fake clock that returns
 * no number, as automatic mocks do, leaves the last known time in effect.
 */

let wall = 0;
let elapsed = 0;

/** Milliseconds since the epoch. */
export function wallTime(): number {
  const at: unknown = Date.now();
  if (Number.isFinite(at)) wall = at as number;
  return wall;
}

/** Monotonic milliseconds; those of the wall clock if the platform has no monotonic one. */
export function monotonicTime(): number {
  const at: unknown = typeof performance === 'undefined' ? Date.now() : performance.now();
  if (Number.isFinite(at)) elapsed = at as number;
  return elapsed;
}
