/** Results in the order of completion. */

import { Fifo } from '../../kit/fifo.ts';
import { type Arrival, Arriving, DONE } from './arriving.ts';
import type { Ended } from './results.ts';

/** Keeps either results that no `next()` has requested yet, or pending `next()` calls, never both. */
export class Arrivals<R> extends Arriving<R> {
  readonly #arrived = new Fifo<Arrival>();

  /** A failure is delivered when it is its turn: now, if the consumer waits for the next result. */
  add(task: Ended, value: unknown): boolean {
    if (this.isOver) return false;
    const waiter = this.waiting.shift();
    if (waiter === undefined) this.#arrived.push({ task, value });
    else this.give({ task, value }, waiter);
    return waiter !== undefined;
  }

  finish(): void {
    this.hasAll = true;
    const waiter = this.waiting.shift();
    if (waiter !== undefined) this.end(waiter);
  }

  take(): Promise<IteratorResult<R, void>> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      const arrival = this.#arrived.shift();
      if (this.isOver) resolve(DONE);
      else if (arrival !== undefined) this.give(arrival, waiter);
      else if (this.hasAll) this.end(waiter);
      else this.waiting.push(waiter);
    });
  }

  protected clear(): void {
    this.#arrived.clear();
  }
}
