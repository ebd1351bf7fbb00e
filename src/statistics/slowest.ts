/** Keeps the tasks that took longest. */

import type { Outcome } from '../events/events.ts';

/** A slow task. */
export interface SlowTask {
  /** The id of the task in its pool. */
  readonly id: number;
  /** The name of its group. */
  readonly group: string;
  /** The index of the task in its group, from 0. */
  readonly index: number;
  /** The duration of its last attempt, in milliseconds. */
  readonly ran: number;
  /** When it ended: milliseconds since the epoch. */
  readonly at: number;
  /** How it ended. */
  readonly outcome: Outcome;
}

const MOST = 10;

export class Slowest {
  /** Slowest first. */
  readonly #tasks: SlowTask[] = [];
  /** Tasks that took no longer than this are not kept. */
  least = -1;

  /** Adds a task that took longer than {@link least}. */
  add(task: SlowTask): void {
    const tasks = this.#tasks;
    let place = Math.min(tasks.length, MOST - 1);
    for (; place > 0; place--) {
      const faster = tasks[place - 1] as SlowTask;
      if (faster.ran >= task.ran) break;
      tasks[place] = faster;
    }
    tasks[place] = task;
    if (tasks.length === MOST) this.least = (tasks[MOST - 1] as SlowTask).ran;
  }

  merge(other: Slowest): void {
    for (const task of other.#tasks) if (task.ran > this.least) this.add(task);
  }

  toJSON(): readonly SlowTask[] {
    return [...this.#tasks];
  }

  static fromJSON(tasks: readonly SlowTask[]): Slowest {
    const slowest = new Slowest();
    for (const task of tasks) slowest.add(task);
    return slowest;
  }
}
