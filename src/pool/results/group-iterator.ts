/** `for await` over a group: one value after the other, each released as it is taken. */

import { Fifo } from '../../kit/fifo.ts';
import { oneLine, PRINTED } from '../../kit/printed.ts';
import { CONSUMED } from './marks.ts';
import type { Ended, ResultSink } from './results.ts';

/** What an iterator needs of its group. */
export interface Iterated {
  readonly name: string;
  /** Checks that its results can be awaited here. @throws WouldDeadlock */
  check(): void;
  /** Adds the sink. @throws ResultsNotRetained */
  begin(sink: ResultSink): void;
  /** The error of a task, or of the source if undefined, was thrown to the consumer. */
  onThrown(origin: Ended | undefined): void;
  /** Stops the source, since no more results are wanted. */
  stop(): void;
}

/** The order of the input, with backpressure; without it, results are taken in the order of completion. */
export interface InOrder {
  /** At most this many tasks have values that were not taken, besides one for each pending `next()`. */
  readonly buffer: number;
  /** Allows this many tasks to be created, counted from the first of the group. */
  reach(count: number): void;
}

/** A result that was not taken yet. */
interface Arrival {
  readonly task: Ended;
  readonly value: unknown;
}

/** A pending `next()`. */
interface Waiter<R> {
  resolve(result: IteratorResult<R, void>): void;
  reject(error: unknown): void;
}

const DONE: IteratorReturnResult<void> = Object.freeze({ done: true, value: undefined });

/** Not an async generator, whose `return()` would wait for a pending `next()`. */
export class GroupIterator<R> implements AsyncGenerator<R, void, undefined> {
  readonly #group: Iterated;
  readonly #order: InOrder | undefined;
  readonly #waiting = new Fifo<Waiter<R>>();
  /** By their places in the order. */
  readonly #arrived = new Map<number, Arrival>();
  /** How many results have arrived. */
  #count = 0;
  /** The place of the next result to be taken. */
  #next = 0;
  /** The error that stopped the source. It is thrown last, after the values of the running tasks. */
  #failure: { readonly error: unknown } | undefined = undefined;
  #hasBegun = false;
  #hasAll = false;
  #isOver = false;

  constructor(group: Iterated, order?: InOrder) {
    this.#group = group;
    this.#order = order;
  }

  /** Requests the next value. May be called again while earlier calls are pending. */
  next(): Promise<IteratorResult<R, void>> {
    if (this.#isOver) return Promise.resolve(DONE);
    try {
      this.#group.check();
      if (!this.#hasBegun) this.#begin();
    } catch (error) {
      // Otherwise nobody would ever take the results that the group waits to deliver.
      if (!this.#hasBegun) this.#close();
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#giveAll();
    });
  }

  /** Leaves immediately: stops the source and ends every pending `next()`. */
  async return(value?: void | PromiseLike<void>): Promise<IteratorResult<R, void>> {
    this.#leave();
    return { done: true, value: await value };
  }

  /** Like {@link return}, but rejects with the error. */
  async throw(error: unknown): Promise<never> {
    this.#leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  /** What `console.log` prints. @internal */
  [PRINTED](): string {
    return `GroupIterator ${oneLine(this.#group.name)}: ${this.#next} taken`;
  }

  #begin(): void {
    this.#group.begin({
      add: (task, value) => this.#add(task, value),
      fail: (error) => {
        this.#failure = { error };
        return false;
      },
      finish: () => {
        this.#hasAll = true;
        this.#giveAll();
      },
    });
    this.#hasBegun = true;
  }

  /** A failure is delivered when it is its turn: now, if the consumer waits for this result. */
  #add(task: Ended, value: unknown): boolean {
    if (this.#isOver) return false;
    const place = this.#order === undefined ? this.#count++ : task.index;
    this.#arrived.set(place, { task, value });
    const isWanted = place === this.#next && this.#waiting.length > 0;
    if (isWanted) this.#giveAll();
    return isWanted;
  }

  /** Passes available results to pending `next()` calls, then allows as many tasks as there is room for. */
  #giveAll(): void {
    const waiting = this.#waiting;
    while (waiting.length > 0) {
      const arrival = this.#arrived.get(this.#next);
      if (arrival !== undefined) this.#give(arrival, waiting.shift() as Waiter<R>);
      else if (this.#hasAll) this.#end(waiting.shift() as Waiter<R>);
      else break;
    }
    if (!this.#isOver) this.#order?.reach(this.#next + this.#order.buffer + waiting.length);
  }

  #give({ task, value }: Arrival, waiter: Waiter<R>): void {
    this.#arrived.delete(this.#next++);
    if (task.outcome === 'fulfilled') {
      task.value = CONSUMED;
      waiter.resolve({ done: false, value: value as R });
    } else this.#throw(task, value, waiter);
  }

  /** There are no more results. */
  #end(waiter: Waiter<R>): void {
    if (this.#failure === undefined) {
      waiter.resolve(DONE);
      this.#close();
    } else this.#throw(undefined, this.#failure.error, waiter);
  }

  #throw(origin: Ended | undefined, error: unknown, waiter: Waiter<R>): void {
    waiter.reject(error);
    this.#close();
    this.#group.onThrown(origin);
    this.#group.stop();
  }

  /** The consumer has left the loop. */
  #leave(): void {
    if (this.#isOver) return;
    this.#close();
    this.#group.stop();
  }

  /** Releases results that will not be taken, and ends every pending `next()`. */
  #close(): void {
    this.#isOver = true;
    this.#arrived.clear();
    this.#order?.reach(Number.POSITIVE_INFINITY);
    const waiting = this.#waiting;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next.resolve(DONE);
  }
}
