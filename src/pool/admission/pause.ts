/** Pausing: none of the tasks of a paused group starts, and none at all in a paused pool. */

export function isRunning({ paused }: { readonly paused: boolean }): boolean {
  return !paused;
}
