/** The tasks that took longest. */

import type { Outcome } from '../events/events.ts';

/** A task that took long. */
export interface SlowTask {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  /** Milliseconds of its last attempt. */
  readonly ran: number;
  /** When it ended: milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: Outcome;
}

const MOST = 10;

export class Slowest {
  /** The slowest first. */
  readonly #tasks: SlowTask[] = [];
  /** Only a task that took longer is of interest. */
  least = -1;

  /** Takes in a task that took longer than {@link least}. */
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
