/** Results for a consumer who takes them in the order of the input, and whom the tasks wait for. */

import { Fifo } from '../../kit/fifo.ts';
import { type Arrival, type Arriving, DONE, type Iterated, type Waiter } from './group-iterator.ts';
import { CONSUMED } from './marks.ts';
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
export class OrderedArrivals<R> implements Arriving<R> {
  readonly #group: Throttled;
  readonly #buffer: number;
  /** By index: what has ended and was not taken. */
  readonly #ended = new Map<number, Arrival>();
  readonly #waiting = new Fifo<Waiter<R>>();
  /** The index of what is taken next. */
  #next = 0;
  /** What stopped the source. It comes last, after the values of all that was made. */
  #failure: { readonly error: unknown } | undefined = undefined;
  #hasAll = false;
  #isOver = false;

  constructor(group: Throttled, buffer: number) {
    this.#group = group;
    this.#buffer = buffer;
  }

  /** A failure is delivered when the consumer comes to it: now, if it waits for this one. */
  add(task: Ended, value: unknown): boolean {
    if (this.#isOver) return false;
    this.#ended.set(task.index, { task, value });
    const isWanted = task.index === this.#next && this.#waiting.length > 0;
    if (isWanted) this.#giveAll();
    return isWanted;
  }

  fail(error: unknown): boolean {
    this.#failure = { error };
    return false;
  }

  finish(): void {
    this.#hasAll = true;
    this.#giveAll();
  }

  take(): Promise<IteratorResult<R, void>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#giveAll();
    });
  }

  leave(): void {
    if (this.#isOver) return;
    this.#close();
    this.#group.stop();
  }

  /** Gives those who wait what is there, and lets as many tasks be made as have a place then. */
  #giveAll(): void {
    while (this.#waiting.length > 0) {
      const arrival = this.#ended.get(this.#next);
      if (this.#isOver) this.#waiting.shift()?.resolve(DONE);
      else if (arrival !== undefined) this.#give(arrival, this.#waiting.shift() as Waiter<R>);
      else if (this.#hasAll) this.#finish(this.#waiting.shift() as Waiter<R>);
      else break;
    }
    if (!this.#isOver) this.#group.reach(this.#next + this.#buffer + this.#waiting.length);
  }

  #give({ task, value }: Arrival, waiter: Waiter<R>): void {
    this.#ended.delete(this.#next);
    this.#next++;
    if (task.outcome === 'fulfilled') {
      task.value = CONSUMED;
      waiter.resolve({ done: false, value: value as R });
    } else this.#fail(task, value, waiter);
  }

  #finish(waiter: Waiter<R>): void {
    if (this.#failure === undefined) {
      waiter.resolve(DONE);
      this.#close();
    } else this.#fail(undefined, this.#failure.error, waiter);
  }

  #fail(origin: Ended | undefined, error: unknown, waiter: Waiter<R>): void {
    waiter.reject(error);
    this.#close();
    this.#group.onThrown(origin);
    this.#group.stop();
  }

  #close(): void {
    this.#isOver = true;
    this.#ended.clear();
    this.#group.reach(Number.POSITIVE_INFINITY);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.resolve(DONE);
    }
  }
}
