/** Delivers results in the order of the input, with back-pressure from the consumer. */

import { type Arrival, Arriving, DONE, type Iterated, type Waiter } from './arriving.ts';
import type { Ended } from './results.ts';

/** What a consumer who may be slow asks of the group besides. */
export interface Throttled extends Iterated {
  /** Lets so many tasks be made of it, counted from its first. */
  reach(count: number): void;
}

/**
 * Tasks are made only as far as their values have a place: at most `buffer` are made and not taken, and one
 * more for each `next()` that waits. So at most `buffer` are done and not taken.
 */
export class OrderedArrivals<R> extends Arriving<R> {
  readonly #throttled: Throttled;
  readonly #buffer: number;
  /** By index: what has ended and was not taken. */
  readonly #ended = new Map<number, Arrival>();
  /** The index of what is taken next. */
  #next = 0;

  constructor(group: Throttled, buffer: number) {
    super(group);
    this.#throttled = group;
    this.#buffer = buffer;
  }

  /** A failure is delivered when the consumer comes to it: now, if it waits for this one. */
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

  /** Gives those waiting what is there, and lets as many tasks be made as have a place then. */
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
