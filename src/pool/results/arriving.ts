/** Delivers results to a consumer that pulls one after the other. */

import { Fifo } from '../../kit/fifo.ts';
import { CONSUMED } from './marks.ts';
import type { Ended, ResultSink } from './results.ts';

/** What an iterator needs of its group. */
export interface Iterated {
  /** Checks that its results can be awaited here. @throws WouldDeadlock */
  check(): void;
  /** Adds the sink. @throws ResultsNotRetained */
  begin(sink: ResultSink): void;
  /** The error of a task, or of the source if undefined, was thrown to the consumer. */
  onThrown(origin: Ended | undefined): void;
  /** Stops the source, since no more results are wanted. */
  stop(): void;
}

export const DONE: IteratorReturnResult<void> = Object.freeze({ done: true, value: undefined });

/** A result on its way to a consumer. */
export interface Arrival {
  readonly task: Ended;
  readonly value: unknown;
}

/** A pending `next()`. */
export interface Waiter<R> {
  resolve(result: IteratorResult<R, void>): void;
  reject(error: unknown): void;
}

/** Receives results as they arrive, and passes them to pending `next()` calls in the order of the subclass. */
export abstract class Arriving<R> implements ResultSink {
  protected readonly waiting = new Fifo<Waiter<R>>();
  protected hasAll = false;
  protected isOver = false;
  readonly #group: Iterated;
  /** The error that stopped the source. It is thrown last, after the values of the running tasks. */
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(group: Iterated) {
    this.#group = group;
  }

  abstract add(task: Ended, value: unknown): boolean;
  abstract finish(): void;
  abstract take(): Promise<IteratorResult<R, void>>;
  /** Releases results that will not be taken. */
  protected abstract clear(): void;

  fail(error: unknown): boolean {
    this.#failure = { error };
    return false;
  }

  /** The consumer has left the loop. */
  leave(): void {
    if (this.isOver) return;
    this.#close();
    this.#group.stop();
  }

  protected give({ task, value }: Arrival, waiter: Waiter<R>): void {
    if (task.outcome === 'fulfilled') {
      task.value = CONSUMED;
      waiter.resolve({ done: false, value: value as R });
    } else this.#fail(task, value, waiter);
  }

  /** There are no more results. */
  protected end(waiter: Waiter<R>): void {
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
    this.isOver = true;
    this.clear();
    const { waiting } = this;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next.resolve(DONE);
  }
}
