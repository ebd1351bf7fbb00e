/** Priorities: higher ones start first. With aging, waiting tasks gain priority over time. */

import type { Task } from '../live/live.ts';
import type { Turn } from '../turn/turn.ts';

export class Priorities {
  readonly #turn: Turn;
  /** In how many milliseconds a waiting task gains as much as one point of priority. */
  readonly #aging: number | undefined;

  constructor(turn: Turn, aging: number | undefined) {
    this.#turn = turn;
    this.#aging = aging;
  }

  /**
   * What a task of a priority counts among others. All age alike, so that their order never changes: in
   * place of adding to those that wait, what comes later begins with less.
   *
   * @param since since when it waits, as {@link now} gives it.
   */
  score(priority: number, since: number | undefined): number {
    if (this.#aging === undefined || since === undefined) return priority;
    return priority - since / this.#aging;
  }

  /** Whether what waits gains on what comes later. */
  get haveAging(): boolean {
    return this.#aging !== undefined;
  }

  /** The time, where it matters. */
  get now(): number | undefined {
    return this.#aging === undefined ? undefined : this.#turn.elapsed;
  }

  /** Notes where a task stands among others. It keeps the time that it has waited. */
  rank(task: Task): void {
    if (this.#aging !== undefined) task.waitingSince ??= this.#turn.elapsed;
    const score = this.score(priorityOf(task), task.waitingSince);
    if (score !== task.score) task.score = score;
  }
}

/** The priority of a task: its own, if it has one, or that of its group. */
function priorityOf(task: Task): number {
  return task.notes.priority ?? task.group.priority;
}
