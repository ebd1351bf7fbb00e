/** The reference's knowledge of submissions: a list that is searched each time. */

import type { GroupFact, TaskFact } from './facts.ts';
import type { Observed } from './observed.ts';
import type { Terms } from './terms.ts';

export interface SubFact {
  readonly name: string;
  readonly group: GroupFact;
  readonly index: number;
  readonly key: string | undefined;
  readonly isStubborn: boolean;
  readonly terms: Terms;
  /** When it was called. */
  readonly since: number;
  /** When it times out unless it is a task. */
  readonly dueAt: number;
  priority: number | undefined;
  /** Its place among those of equal priority. */
  arrival: number;
  state: 'held' | 'waiting' | 'task' | 'over';
  task: TaskFact | undefined;
  /** Why it was cancelled or failed before it was a task. */
  reason: string | undefined;
  /** Its promise; undefined if the call was made in an earlier process. */
  promise: Promise<unknown> | undefined;
  observed: Observed | undefined;
  /** The controller of its signal; undefined if that was in an earlier process. */
  controller: AbortController | undefined;
}

export class Submitted {
  readonly all: SubFact[] = [];
  readonly #aging: number;

  /** @param aging the milliseconds of waiting that raise a priority by 1. */
  constructor(aging = Number.POSITIVE_INFINITY) {
    this.#aging = aging;
  }

  get pending(): SubFact[] {
    return this.all.filter(({ state }) => state === 'waiting' || state === 'held');
  }

  withKey(key: string): SubFact[] {
    return this.all.filter((sub) => sub.key === key && sub.state !== 'over');
  }

  /** The submission of a task. */
  of(group: GroupFact, index: number): SubFact | undefined {
    return this.all.find((sub) => sub.group === group && sub.index === index);
  }

  /** A waiting submission that must become a task before this one. */
  next(sub: SubFact, now: number): SubFact | undefined {
    const rank = ({ priority, group, since }: SubFact) =>
      (priority ?? group.priority) - since / this.#aging;
    return this.all.find(
      (other) =>
        other !== sub &&
        other.group === sub.group &&
        other.state === 'waiting' &&
        // Submissions that time out now may have ended.
        other.dueAt > now &&
        (rank(other) > rank(sub) || (rank(other) === rank(sub) && other.arrival < sub.arrival)),
    );
  }

  /** Ends it before it was a task. */
  withdraw(sub: SubFact, reason: string): void {
    sub.reason = reason;
    this.end(sub);
  }

  /** Ends it, so that the submission that waits for its key may start. */
  end(sub: SubFact): void {
    sub.state = 'over';
    if (sub.key === undefined) return;
    const others = this.withKey(sub.key);
    const [next] = others;
    if (next === undefined || others.some(({ state }) => state !== 'held')) return;
    next.state = 'waiting';
    const { group } = next;
    group.released++;
    next.arrival = group.submitted - 1 + group.released / (group.released + 1);
  }
}
