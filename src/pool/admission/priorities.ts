/** Priorities: higher ones start first. With aging, waiting tasks gain priority over time. */

import type { Task } from '../live/live.ts';
import type { Turn } from '../turn/turn.ts';

export class Priorities {
  readonly #turn: Turn;
  /** The milliseconds of waiting that raise the priority of a task by 1. */
  readonly #aging: number | undefined;

  constructor(turn: Turn, aging: number | undefined) {
    this.#turn = turn;
    this.#aging = aging;
  }

  /**
   * The score of a priority in a line. All tasks age alike, so their order never changes: instead of raising the
   * score of waiting tasks, later tasks start with a lower one.
   *
   * @param since when it began to wait, by {@link now}.
   */
  score(priority: number, since: number | undefined): number {
    if (this.#aging === undefined || since === undefined) return priority;
    return priority - since / this.#aging;
  }

  /** Whether waiting raises priorities. */
  get haveAging(): boolean {
    return this.#aging !== undefined;
  }

  /** The monotonic time; undefined without aging. */
  get now(): number | undefined {
    return this.#aging === undefined ? undefined : this.#turn.elapsed;
  }

  /** Sets the score of a task. A task that was ranked before keeps the time since when it waits. */
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
