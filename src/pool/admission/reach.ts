/** Back-pressure of a consumer: how many tasks a group may create, counted from its first. */

/** Whether one more task may be created. */
export function isInReach(group: { readonly created: number; readonly reach: number }): boolean {
  return group.created < group.reach;
}
