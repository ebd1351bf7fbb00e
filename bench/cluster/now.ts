/** Milliseconds since the epoch, finer than `Date.now()`: processes of one machine agree on it. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
