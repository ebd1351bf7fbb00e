/** First come, first served, and fair: what the order of starts has to keep to. */

import type { PoolEvent } from 'xstate-taskpool';
import { type GroupFacts, hasRoom, headOf } from './facts.ts';
import type { Oracle } from './oracle.ts';

interface Wait {
  /** The `seq` with which the group began to wait: it keeps its place if its head is cancelled. */
  readonly queuedAt: number;
  /** Since when the group may run its head and only lacks a slot. */
  readySince: number | undefined;
}

/**
 * Watches the groups that wait for a slot, each with the task at its head.
 *
 * - Nobody is overtaken: a group is not served while another has been ready since before it began
 *   to wait.
 * - No group starts twice while another is ready and gets nothing.
 * - The tasks of a group start in the order of its source.
 */
export class Line {
  readonly problems: string[] = [];
  readonly #waits = new Map<GroupFacts, Wait>();
  readonly #lastStart = new Map<GroupFacts, number>();

  see(event: PoolEvent, oracle: Oracle): void {
    const id = (event as { id?: number }).id;
    const task = id === undefined ? undefined : oracle.tasks[id];
    if (task !== undefined && event.type === 'task.queued') {
      const { queuedAt } = this.#waits.get(task.group) ?? { queuedAt: event.seq };
      this.#waits.set(task.group, { queuedAt, readySince: undefined });
    } else if (task !== undefined && event.type === 'task.started') {
      this.#start(task.group, event.seq);
      if (task.group.started.some((earlier) => earlier.index > task.index)) {
        this.problems.push(`task ${task.id} started after a later one of its group`);
      }
    }
    for (const group of oracle.groups) this.#refresh(group, event.seq);
  }

  #start(group: GroupFacts, seq: number): void {
    const wait = this.#waits.get(group);
    const previous = this.#lastStart.get(group) ?? -1;
    this.#waits.delete(group);
    this.#lastStart.set(group, seq);
    if (wait === undefined) {
      this.problems.push(`'${group.name}' started a task that was not waiting (seq ${seq})`);
      return;
    }
    for (const [other, { readySince }] of this.#waits) {
      if (readySince === undefined) continue;
      if (readySince < wait.queuedAt) {
        this.problems.push(`'${group.name}' overtook '${other.name}' at seq ${seq}`);
      }
      if (readySince < previous) {
        this.problems.push(`'${group.name}' was served twice before '${other.name}' (seq ${seq})`);
      }
    }
  }

  #refresh(group: GroupFacts, seq: number): void {
    const wait = this.#waits.get(group);
    if (wait === undefined) return;
    if (headOf(group) === undefined || !hasRoom(group)) wait.readySince = undefined;
    else wait.readySince ??= seq;
  }
}
