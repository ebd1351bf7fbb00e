/** First come, first served, and fair: what the order of starts has to keep to. */

import type { PoolEvent } from 'xstate-taskpool';
import { type GroupFacts, hasRoom, headOf } from './facts.ts';
import type { Oracle } from './oracle.ts';

/**
 * Watches the groups that wait for a slot, each with the task at its head.
 *
 * - Nobody is overtaken: of the groups that have been ready, the one is served that was served longest
 *   ago; a new one comes after those that were there.
 * - No group starts twice while another is ready and gets nothing.
 * - The tasks of a group start in the order of its source.
 */
export class Line {
  readonly problems: string[] = [];
  /** Since when groups may run their heads and only lack a slot. */
  readonly #readySince = new Map<GroupFacts, number>();
  /** When groups that are there were served last, or had their first task. */
  readonly #served = new Map<GroupFacts, number>();
  readonly #lastStart = new Map<GroupFacts, number>();

  see(event: PoolEvent, oracle: Oracle): void {
    const id = (event as { id?: number }).id;
    const task = id === undefined ? undefined : oracle.tasks[id];
    if (task !== undefined && event.type === 'task.queued') {
      if (!this.#served.has(task.group)) this.#served.set(task.group, event.seq);
    } else if (task !== undefined && event.type === 'task.started') {
      this.#start(task.group, event.seq);
      const isFirst = task.attempt === 1;
      if (isFirst && task.group.started.some((earlier) => earlier.index > task.index)) {
        this.problems.push(`task ${task.id} started after a later one of its group`);
      }
    }
    for (const group of oracle.groups) this.#refresh(group, event.seq);
  }

  #start(group: GroupFacts, seq: number): void {
    const ready = this.#readySince.get(group) ?? seq;
    const served = this.#served.get(group) ?? seq;
    const previous = this.#lastStart.get(group) ?? -1;
    this.#readySince.delete(group);
    this.#served.set(group, seq);
    this.#lastStart.set(group, seq);
    for (const [other, readySince] of this.#readySince) {
      const otherServed = this.#served.get(other) ?? seq;
      if (readySince < ready && otherServed < served) {
        this.problems.push(`'${group.name}' overtook '${other.name}' at seq ${seq}`);
      }
      if (readySince < previous) {
        this.problems.push(`'${group.name}' was served twice before '${other.name}' (seq ${seq})`);
      }
    }
  }

  #refresh(group: GroupFacts, seq: number): void {
    if (headOf(group) === undefined || !hasRoom(group)) this.#readySince.delete(group);
    else if (!this.#readySince.has(group)) this.#readySince.set(group, seq);
  }
}
