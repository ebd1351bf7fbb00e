/** Delivers results to a consumer that pulls one after the other. */

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

/** Takes results as they come, and gives them to those waiting, in an order of its own. */
export abstract class Arriving<R> implements ResultSink {
  protected readonly waiting = new Fifo<Waiter<R>>();
  protected hasAll = false;
  protected isOver = false;
  readonly #group: Iterated;
  /** What stopped the source. It comes last, after the values of what was running. */
  #failure: { readonly error: unknown } | undefined = undefined;

  constructor(group: Iterated) {
    this.#group = group;
  }

  abstract add(task: Ended, value: unknown): boolean;
  abstract finish(): void;
  abstract take(): Promise<IteratorResult<R, void>>;
  /** Releases what no one will take. */
  protected abstract clear(): void;

  fail(error: unknown): boolean {
    this.#failure = { error };
    return false;
  }

  /** The consumer wants no more. */
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

  /** There is nothing more to give. */
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
