/** How results get from tasks to whoever asked for them. */

import { CONSUMED, type Task } from '../engine/task.ts';
import { Fifo } from '../fifo.ts';

/** How one task ended. */
export type TaskResult<R> =
  | { readonly status: 'fulfilled'; readonly id: number; readonly index: number; readonly value: R }
  | {
      readonly status: 'rejected' | 'cancelled';
      readonly id: number;
      readonly index: number;
      readonly reason: unknown;
    };

/** Something that takes the results of a group as its tasks end. */
export interface ResultSink {
  /** Takes a result; true if that delivers the task's failure to somebody. */
  add(task: Task): boolean;
  /** All have ended. `failure` is what stopped the source; true if that was delivered. */
  finish(failure: { readonly error: unknown } | undefined): boolean;
}

/**
 * All values in input order, or the first failure.
 *
 * There is one for each call whose results are awaited, so it is kept small: it has no private
 * methods, which mark each object of their class, and no flag.
 */
export class ValuesSink<R> implements ResultSink {
  readonly promise: Promise<R[]>;
  #values: R[] | undefined = undefined;
  /** Undefined once a failure was delivered. */
  #resolve: ((values: R[] | Promise<never>) => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  add(task: Task): boolean {
    if (this.#resolve === undefined) return false;
    if (task.outcome !== 'fulfilled') return this.fail(task.value);
    // Room for one, which is all that most groups need; an empty list would grow to room for 17.
    if (this.#values === undefined) this.#values = task.index === 0 ? [task.value as R] : [];
    this.#values[task.index] = task.value as R;
    return true;
  }

  finish(failure: { readonly error: unknown } | undefined): boolean {
    if (failure !== undefined) return this.fail(failure.error);
    this.#resolve?.(this.#values ?? []);
    return this.#resolve !== undefined;
  }

  /** Takes a failure; true if it is the first, which is the one that is delivered. */
  fail(error: unknown): boolean {
    if (this.#resolve === undefined) return false;
    this.#resolve(Promise.reject(error));
    this.#resolve = undefined;
    this.#values = undefined;
    // Who asked may not be listening yet: that must not become an unhandled rejection.
    this.promise.catch(() => {});
    return true;
  }
}

/** How every task ended, in input order. */
export class SettledSink<R> implements ResultSink {
  readonly promise: Promise<TaskResult<R>[]>;
  readonly #results: TaskResult<R>[] = [];
  #resolve!: (results: TaskResult<R>[]) => void;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  add(task: Task): boolean {
    this.#results[task.index] = resultOf<R>(task);
    return true;
  }

  finish(): boolean {
    this.#resolve(this.#results);
    // What stopped the source is nobody's result here; it stays for gatherAndClose.
    return false;
  }
}

/** Two sinks as one: the rare case that results are asked for in more than one way. */
export class BothSinks implements ResultSink {
  readonly #first: ResultSink;
  readonly #second: ResultSink;

  constructor(first: ResultSink, second: ResultSink) {
    this.#first = first;
    this.#second = second;
  }

  add(task: Task): boolean {
    const first = this.#first.add(task);
    return this.#second.add(task) || first;
  }

  finish(failure: { readonly error: unknown } | undefined): boolean {
    const first = this.#first.finish(failure);
    return this.#second.finish(failure) || first;
  }
}

/** Takes no result, and calls a function when all tasks have ended. */
export class AtTheEnd implements ResultSink {
  readonly #call: () => void;

  constructor(call: () => void) {
    this.#call = call;
  }

  add(): boolean {
    return false;
  }

  finish(): boolean {
    this.#call();
    return false;
  }
}

/** What is left of the sinks of a group that is over: whoever asks from then on is told all at once. */
export const OVER: ResultSink = { add: () => false, finish: () => false };

/** What an iterator tells about its consumer. */
export interface Consumption {
  /** The failure of a task, or of the source, was thrown to the consumer. */
  onThrown(origin: Task | undefined): void;
  /** The consumer has left, or has seen all. */
  onLeave(): void;
}

/** A result on its way to a consumer. */
interface Arrival {
  readonly task: Task;
  readonly value: unknown;
}

/** Values in the order of completion, each let go as it is taken. */
export class IteratorSink<R> implements ResultSink {
  readonly #arrived = new Fifo<Arrival>();
  readonly #consumption: Consumption;
  #end: { readonly failure: { readonly error: unknown } | undefined } | undefined = undefined;
  #left = false;
  #wake: (() => void) | undefined = undefined;

  constructor(consumption: Consumption) {
    this.#consumption = consumption;
  }

  /** A failure is delivered when the consumer comes to it: now, if it waits for what comes next. */
  add(task: Task): boolean {
    if (this.#left) return false;
    // The value as well: another consumer may let go of the task's before this one comes to it.
    this.#arrived.push({ task, value: task.value });
    return this.#wakeUp();
  }

  finish(failure: { readonly error: unknown } | undefined): boolean {
    this.#end = { failure };
    return this.#wakeUp();
  }

  async *iterate(): AsyncGenerator<R, void, undefined> {
    try {
      for (;;) {
        const arrival = this.#arrived.shift();
        if (arrival !== undefined) yield this.#take(arrival);
        else if (this.#end !== undefined) break;
        else await this.#arrival();
      }
      if (this.#end.failure !== undefined) {
        this.#consumption.onThrown(undefined);
        throw this.#end.failure.error;
      }
    } finally {
      this.#left = true;
      this.#arrived.clear();
      this.#consumption.onLeave();
    }
  }

  #take({ task, value }: Arrival): R {
    task.value = CONSUMED;
    if (task.outcome === 'fulfilled') return value as R;
    this.#consumption.onThrown(task);
    throw value;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Wakes the consumer, if it waits. */
  #wakeUp(): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    return wake !== undefined;
  }
}

function resultOf<R>(task: Task): TaskResult<R> {
  const { id, index, outcome, value } = task;
  if (outcome === 'fulfilled') return { status: 'fulfilled', id, index, value: value as R };
  return { status: outcome as 'rejected' | 'cancelled', id, index, reason: value };
}
