/** `for await` over a group: values in the order of completion, each released as it is taken. */

import { Fifo } from '../../kit/fifo.ts';
import { CONSUMED } from './marks.ts';
import type { Ended, ResultSink } from './results.ts';

/** What an iterator asks of its group. */
export interface Iterated {
  /** Whether its results can be waited for here. @throws WouldDeadlock */
  check(): void;
  /** Adds the sink. @throws ResultsNotRetained */
  begin(sink: ResultSink): void;
  /** The failure of a task, or with undefined that of the source, was thrown to the consumer. */
  onThrown(origin: Ended | undefined): void;
  /** No more is wanted: stops the source. */
  stop(): void;
}

/** Takes results as they come, for a consumer who asks for one after the other. */
export interface Arriving<R> extends ResultSink {
  take(): Promise<IteratorResult<R, void>>;
  /** The consumer wants no more. */
  leave(): void;
}

/** Written by hand: `return()` of an async generator waits for a `next()` that is pending. */
export class GroupIterator<R> implements AsyncGenerator<R, void, undefined> {
  readonly #group: Iterated;
  readonly #make: () => Arriving<R>;
  #arrivals: Arriving<R> | undefined = undefined;
  #isOver = false;

  /** @param make makes what takes the results as they come. Default: for the order of completion. */
  constructor(group: Iterated, make: () => Arriving<R> = () => new Arrivals<R>(group)) {
    this.#group = group;
    this.#make = make;
  }

  /** Asks for the next value. May be called again before the last one has come. */
  next(): Promise<IteratorResult<R, void>> {
    if (this.#isOver) return Promise.resolve(DONE);
    try {
      this.#group.check();
      this.#arrivals ??= this.#begin();
    } catch (error) {
      this.#isOver = true;
      return Promise.reject(error);
    }
    return this.#arrivals.take();
  }

  /** Leaves at once: stops the source, and every pending `next()` is done. */
  async return(value?: void | PromiseLike<void>): Promise<IteratorResult<R, void>> {
    this.#leave();
    return { done: true, value: await value };
  }

  /** As {@link return}, and rejects with the error. */
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

  #begin(): Arriving<R> {
    const arrivals = this.#make();
    this.#group.begin(arrivals);
    return arrivals;
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#arrivals === undefined) this.#group.stop();
    else this.#arrivals.leave();
  }
}

export const DONE: IteratorReturnResult<void> = Object.freeze({ done: true, value: undefined });

/** A result on its way to a consumer. */
export interface Arrival {
  readonly task: Ended;
  readonly value: unknown;
}

/** A `next()` that waits. */
export interface Waiter<R> {
  resolve(result: IteratorResult<R, void>): void;
  reject(error: unknown): void;
}

/** Results that no `next()` has asked for yet, or those who wait for results: never both. */
class Arrivals<R> implements Arriving<R> {
  readonly #group: Iterated;
  readonly #arrived = new Fifo<Arrival>();
  readonly #waiting = new Fifo<Waiter<R>>();
  /** What stopped the source. It comes last, after the values of what was running. */
  #failure: { readonly error: unknown } | undefined = undefined;
  #hasAll = false;
  #isOver = false;

  constructor(group: Iterated) {
    this.#group = group;
  }

  /** A failure is delivered when the consumer comes to it: now, if it waits for what comes next. */
  add(task: Ended, value: unknown): boolean {
    if (this.#isOver) return false;
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#arrived.push({ task, value });
    else this.#give({ task, value }, waiter);
    return waiter !== undefined;
  }

  fail(error: unknown): boolean {
    this.#failure = { error };
    return false;
  }

  finish(): void {
    this.#hasAll = true;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) this.#finish(waiter);
  }

  take(): Promise<IteratorResult<R, void>> {
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      const arrival = this.#arrived.shift();
      if (this.#isOver) resolve(DONE);
      else if (arrival !== undefined) this.#give(arrival, waiter);
      else if (this.#hasAll) this.#finish(waiter);
      else this.#waiting.push(waiter);
    });
  }

  leave(): void {
    if (this.#isOver) return;
    this.#close();
    this.#group.stop();
  }

  #give({ task, value }: Arrival, waiter: Waiter<R>): void {
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
    this.#arrived.clear();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.resolve(DONE);
    }
  }
}
