/** Delivers results in the order of the input, with back-pressure from the consumer. */

import { type Arrival, Arriving, DONE, type Iterated, type Waiter } from './arriving.ts';
import type { Ended } from './results.ts';

/** What a consumer with backpressure also needs of the group. */
export interface Throttled extends Iterated {
  /** Allows this many tasks to be created, counted from the first of the group. */
  reach(count: number): void;
}

/**
 * Tasks are only created while there is room for their values: at most `buffer` tasks whose values were not taken,
 * plus one for each pending `next()`. So at most `buffer` values are done and not taken.
 */
export class OrderedArrivals<R> extends Arriving<R> {
  readonly #throttled: Throttled;
  readonly #buffer: number;
  /** By index: the results that were not taken yet. */
  readonly #ended = new Map<number, Arrival>();
  /** The index of the next result to be taken. */
  #next = 0;

  constructor(group: Throttled, buffer: number) {
    super(group);
    this.#throttled = group;
    this.#buffer = buffer;
  }

  /** A failure is delivered when it is its turn: now, if the consumer waits for this result. */
  add(task: Ended, value: unknown): boolean {
    if (this.isOver) return false;
    this.#ended.set(task.index, { task, value });
    const isWanted = task.index === this.#next && this.waiting.length > 0;
    if (isWanted) this.#giveAll();
    return isWanted;
  }

  finish(): void {
    this.hasAll = true;
    this.#giveAll();
  }

  take(): Promise<IteratorResult<R, void>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.#giveAll();
    });
  }

  protected clear(): void {
    this.#ended.clear();
    this.#throttled.reach(Number.POSITIVE_INFINITY);
  }

  /** Passes available results to pending `next()` calls, then allows as many tasks as there is room for. */
  #giveAll(): void {
    while (this.waiting.length > 0) {
      const arrival = this.#ended.get(this.#next);
      if (this.isOver) this.waiting.shift()?.resolve(DONE);
      else if (arrival !== undefined) this.#giveNext(arrival);
      else if (this.hasAll) this.end(this.waiting.shift() as Waiter<R>);
      else break;
    }
    if (!this.isOver) this.#throttled.reach(this.#next + this.#buffer + this.waiting.length);
  }

  #giveNext(arrival: Arrival): void {
    this.#ended.delete(this.#next);
    this.#next++;
    this.give(arrival, this.waiting.shift() as Waiter<R>);
  }
}
