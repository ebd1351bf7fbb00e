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
  #tasks: SlowTask[] = [];
  /** Only a task that took longer is of interest. */
  least = -1;

  add(task: SlowTask): void {
    const place = this.#tasks.findIndex(({ ran }) => ran < task.ran);
    this.#tasks.splice(place === -1 ? this.#tasks.length : place, 0, task);
    if (this.#tasks.length > MOST) this.#tasks.pop();
    if (this.#tasks.length === MOST) this.least = this.#tasks.at(-1)?.ran ?? -1;
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
