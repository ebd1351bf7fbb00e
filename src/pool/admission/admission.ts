/**
 * Who starts next. A group asks with the task at its head; it waits in the line while the pool has no
 * slot for it, and outside while a rule of its own holds it back. Whoever changes what a rule depends
 * on offers the groups concerned again, so nothing is ever searched.
 */

import { OrderedLine } from '../../kit/ordered-line.ts';
import type { Door } from '../engine/door.ts';
import type { Group, Task } from '../engine/live.ts';
import { isBelowLimit } from './group-limit.ts';
import { keepsUp } from './journal-lag.ts';
import { isWithinLookahead } from './lookahead.ts';
import { isRunning } from './pause.ts';
import { hasFreeSlot } from './pool-size.ts';
import { Priorities } from './priorities.ts';

export class Admission {
  readonly #door: Door;
  readonly #priorities: Priorities;
  /** By the priority of the heads, then those first that were served longer ago. */
  readonly #line = new OrderedLine<Group>();
  /** How often a group was served, or came. */
  #served = 0;

  constructor(door: Door, aging?: number) {
    this.#door = door;
    this.#priorities = new Priorities(door.turn, aging);
  }

  /** Whether the rules of a group let one more of its tasks start. */
  admits(group: Group): boolean {
    return isRunning(group) && isBelowLimit(group);
  }

  /** Whether the rules of a group let it take one more item from its source. */
  admitsItem(group: Group): boolean {
    return isWithinLookahead(group) && this.admits(group);
  }

  /** Lets a task wait, in its place among those of its group. */
  enqueue(task: Task): void {
    this.#priorities.rank(task);
    task.group.enqueue(task);
  }

  /** Lets a group wait for a slot, unless a rule of its own holds it back. */
  offer(group: Group): void {
    if (group.head !== undefined && this.admits(group)) this.#join(group, group.head);
  }

  /** The group whose head may start now; the slot is taken by the event that says it did. */
  reserve(): Group | undefined {
    const { state, persister } = this.#door;
    while (hasFreeSlot(state) && isRunning(state) && keepsUp(persister)) {
      const group = this.#line.shift();
      if (group === undefined) return undefined;
      const { head } = group;
      // The head may have been cancelled, or the group held back, since it joined the line.
      if (head === undefined || !this.admits(group)) continue;
      // Its priority, or that of its group, may have changed.
      if (head.score < group.score) this.#join(group, head);
      else {
        group.arrival = ++this.#served;
        return group;
      }
    }
    return undefined;
  }

  #join(group: Group, head: Task): void {
    if (group.place !== -1) {
      if (group.score === head.score) return;
      this.#line.remove(group);
    } else if (group.arrival === 0) group.arrival = ++this.#served;
    group.score = head.score;
    this.#line.push(group);
  }
}
