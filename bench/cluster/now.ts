/**
 * Milliseconds since the epoch, with a higher resolution than `Date.now()`; the same for all processes of a machine.
 */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
