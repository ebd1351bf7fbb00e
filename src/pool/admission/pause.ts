/** Pausing: none of the tasks of a paused group starts. */

export function isRunning(group: { readonly paused: boolean }): boolean {
  return !group.paused;
}
