/** The groups that wait for a slot, first come, first served. */

import type { Group } from './group.ts';

export class WaitingLine {
  #first: Group | undefined = undefined;
  #last: Group | undefined = undefined;

  /** Puts a group at the end, unless it stands in the line already. */
  join(group: Group): void {
    if (group.isWaiting) return;
    group.isWaiting = true;
    if (this.#last === undefined) this.#first = group;
    else this.#last.behind = group;
    this.#last = group;
  }

  /** Takes the first group out; undefined if nobody waits. */
  serve(): Group | undefined {
    const group = this.#first;
    if (group === undefined) return undefined;
    this.#first = group.behind;
    if (this.#first === undefined) this.#last = undefined;
    group.behind = undefined;
    group.isWaiting = false;
    return group;
  }
}
