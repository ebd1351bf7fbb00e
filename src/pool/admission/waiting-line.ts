/** The groups that wait for a slot, first come, first served. */

import type { Group } from '../engine/live.ts';

export class WaitingLine {
  #first: Group | null = null;
  #last: Group | null = null;

  /** Puts a group at the end, unless it stands in the line already. */
  join(group: Group): void {
    if (group.behind !== undefined) return;
    group.behind = null;
    if (this.#last === null) this.#first = group;
    else this.#last.behind = group;
    this.#last = group;
  }

  /** Takes the first group out; undefined if none waits. */
  shift(): Group | undefined {
    const group = this.#first;
    if (group === null) return undefined;
    this.#first = group.behind ?? null;
    if (this.#first === null) this.#last = null;
    group.behind = undefined;
    return group;
  }
}
