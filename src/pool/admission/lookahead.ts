/** `lookahead`: a group pulls no more items while this many of its tasks are parked or delayed. */

export function isWithinLookahead(group: {
  /** Its tasks that wait for a key of a limit, or to be run again. */
  readonly numHeldBack: number;
  /** How many of them keep it from taking further items. */
  readonly lookahead: number;
}): boolean {
  return group.numHeldBack < group.lookahead;
}
