/** Priorities: the higher, the sooner. With aging, whatever waits gains on what comes later. */

import type { Task } from '../engine/live.ts';
import type { Turn } from '../engine/turn.ts';

export class Priorities {
  readonly #turn: Turn;
  /** In how many milliseconds a waiting task gains as much as one point of priority. */
  readonly #aging: number | undefined;

  constructor(turn: Turn, aging: number | undefined) {
    this.#turn = turn;
    this.#aging = aging;
  }

  /**
   * Notes where a task stands among others. All age alike, so that their order never changes: in place
   * of adding to those that wait, what comes later begins with less.
   */
  rank(task: Task): void {
    const priority = priorityOf(task);
    const score = this.#aging === undefined ? priority : priority - this.#since(task) / this.#aging;
    if (score !== task.score) task.score = score;
  }

  /** Since when it waits, by the monotonic clock. It keeps that when its priority changes. */
  #since(task: Task): number {
    task.waitingSince ??= this.#turn.elapsed;
    return task.waitingSince;
  }
}

/** The priority of a task: its own, if it has one, or that of its group. */
export function priorityOf(task: Task): number {
  return task.notes.priority ?? task.group.priority;
}
