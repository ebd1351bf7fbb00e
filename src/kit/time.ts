/**
 * What time it is, of the platform: looked up at each call, since a test may fake it at any time. A fake that says
 * nothing, as one does that a test runner makes by itself, counts as what was said last.
 */

let wall = 0;
let elapsed = 0;

/** Milliseconds since the epoch. */
export function wallTime(): number {
  const at: unknown = Date.now();
  if (Number.isFinite(at)) wall = at as number;
  return wall;
}

/** Milliseconds that never go back; where the platform has no such clock, those of the other. */
export function monotonicTime(): number {
  const at: unknown = typeof performance === 'undefined' ? Date.now() : performance.now();
  if (Number.isFinite(at)) elapsed = at as number;
  return elapsed;
}
