/**
 * Who starts next. A group asks with the task at its head; it waits in the line while the pool has no
 * slot for it, and outside while a rule of its own holds it back. Whoever changes what a rule depends
 * on offers the groups concerned again, so nothing is ever searched.
 */

import type { Door } from '../engine/door.ts';
import type { Group } from '../engine/live.ts';
import { isBelowLimit } from './group-limit.ts';
import { keepsUp } from './journal-lag.ts';
import { isRunning } from './pause.ts';
import { hasFreeSlot } from './pool-size.ts';
import { WaitingLine } from './waiting-line.ts';

export class Admission {
  readonly #door: Door;
  readonly #line = new WaitingLine();

  constructor(door: Door) {
    this.#door = door;
  }

  /** Whether the rules of a group let one more of its tasks start. */
  admits(group: Group): boolean {
    return isRunning(group) && isBelowLimit(group);
  }

  /** Lets a group wait for a slot, unless a rule of its own holds it back. */
  offer(group: Group): void {
    if (this.admits(group)) this.#line.join(group);
  }

  /** The group whose head may start now; the slot is taken by the event that says it did. */
  reserve(): Group | undefined {
    const { state, persister } = this.#door;
    while (hasFreeSlot(state) && isRunning(state) && keepsUp(persister)) {
      const group = this.#line.shift();
      if (group === undefined) return undefined;
      // The head may have been cancelled, or the group held back, since it joined the line.
      if (group.head !== undefined && this.admits(group)) return group;
    }
    return undefined;
  }
}
