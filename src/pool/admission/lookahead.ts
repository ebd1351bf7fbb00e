/** How far a group reads ahead: no more items are taken while many of its tasks wait to be run again. */

/** So many tasks of a group may be delayed while it takes further items. */
const LOOKAHEAD = 1000;

export function isWithinLookahead(group: { readonly delayed: number }): boolean {
  return group.delayed < LOOKAHEAD;
}
