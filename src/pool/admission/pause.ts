/** Pausing a group or the pool: none of its tasks starts. */

export function isRunning({ paused }: { readonly paused: boolean }): boolean {
  return !paused;
}
