/** `numConcurrent`: how many tasks of a group may hold a slot. */

/** Whether one more task may hold a slot. */
export function isBelowLimit(group: {
  readonly slots: number;
  /** `null`: no limit. */
  readonly numConcurrent: number | null;
}): boolean {
  return group.numConcurrent === null || group.slots < group.numConcurrent;
}
