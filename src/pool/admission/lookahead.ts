/** How far a group reads ahead: no more items are taken while many of its tasks are held back. */

export function isWithinLookahead(group: {
  /** Its tasks that wait for a key of a limit, or to be run again. */
  readonly numHeldBack: number;
  /** How many of them keep it from taking further items. */
  readonly lookahead: number;
}): boolean {
  return group.numHeldBack < group.lookahead;
}
