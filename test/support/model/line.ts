/** Checks that the order of starts is fair: first come, first served. */

import type { PoolEvent } from 'xstate-taskpool';
import { type GroupFacts, hasRoom, headOf } from './facts.ts';
import type { Oracle } from './oracle.ts';

/**
 * Observes the groups that wait for a slot, each with the task at its head.
 *
 * - No group is overtaken: of the ready groups, the one that was served longest ago is served; new groups come after
 *   existing ones.
 * - No group starts two tasks while another ready group starts none.
 * - The tasks of a group start in the order of its source.
 */
export class Line {
  readonly problems: string[] = [];
  /** Since when groups only wait for a slot. */
  readonly #readySince = new Map<GroupFacts, number>();
  /** When existing groups were last served, or had their first task. */
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
