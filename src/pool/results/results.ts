/** Delivers the outcomes of tasks to all who asked for them. */

import type { Outcome } from '../../events/events.ts';
import { markHandled } from '../../kit/promises.ts';
import { isSuspension } from '../door/suspended.ts';

/** How one task ended. */
export type TaskResult<R> =
  | { readonly status: 'fulfilled'; readonly id: number; readonly index: number; readonly value: R }
  | {
      readonly status: 'rejected' | 'cancelled';
      readonly id: number;
      readonly index: number;
      readonly reason: unknown;
    };

/** A task that has ended, as far as those who take its result need to know it. */
export interface Ended {
  readonly id: number;
  readonly index: number;
  readonly outcome: Outcome | undefined;
  /** Its value, error or reason; a consumer may put a mark in its place. */
  value: unknown;
}

/** Something that takes the results of a group as its tasks end. */
export interface ResultSink {
  /**
   * Takes what the task returned, threw, or was cancelled with; true if that delivers its failure to
   * someone. The value is passed along, since an earlier sink may release the task's.
   */
  add(task: Ended, value: unknown): boolean;
  /** Takes what stopped the source before its end; true if that delivers it to someone. */
  fail(error: unknown): boolean;
  /** All have ended. */
  finish(): void;
  /** Whether a result may decide what runs next: it is passed on before another task starts. */
  readonly decides?: boolean;
}

/** Results that were asked for. */
export interface Asked<T> {
  readonly promise: Promise<T>;
  /** The same, with an array that shares nothing with what others have got. */
  again(): Promise<T>;
}

/**
 * All values in input order, or the first failure.
 *
 * There is one for each call whose results are awaited, so it is kept small: it has no private
 * methods, which mark each object of their class, and no flag.
 */
export class ValuesSink<R> implements ResultSink, Asked<R[]> {
  readonly promise: Promise<R[]>;
  /** Kept to itself: those who asked may change what they have got. */
  #values: R[] | undefined = undefined;
  /** Undefined once a failure was delivered. */
  #resolve: ((values: R[] | Promise<never>) => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  add({ outcome, index }: Ended, value: unknown): boolean {
    if (this.#resolve === undefined) return false;
    if (outcome !== 'fulfilled') return this.fail(value);
    // Room for one, which is all that most groups need; an empty list would grow to room for 17.
    if (this.#values === undefined) this.#values = index === 0 ? [value as R] : [];
    this.#values[index] = value as R;
    return true;
  }

  finish(): void {
    this.#resolve?.(copyOf(this.#values));
  }

  again(): Promise<R[]> {
    const copy = this.promise.then(() => copyOf(this.#values));
    markHandled(copy);
    return copy;
  }

  /** The first failure is delivered; those that follow are not. */
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
export class SettledSink<R> implements ResultSink, Asked<TaskResult<R>[]> {
  readonly promise: Promise<TaskResult<R>[]>;
  readonly #results: TaskResult<R>[] = [];
  /** Undefined once it is settled. */
  #resolve: ((results: TaskResult<R>[] | Promise<never>) => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  add(task: Ended, value: unknown): boolean {
    this.#results[task.index] = resultOf<R>(task, value);
    if (task.outcome === 'cancelled') this.fail(value);
    return true;
  }

  /**
   * What stopped the source is no task's result: it stays for gatherAndClose. But of a pool that was
   * suspended no one knows yet how its tasks end.
   */
  fail(error: unknown): boolean {
    if (this.#resolve === undefined || !isSuspension(error)) return false;
    this.#resolve(Promise.reject(error));
    this.#resolve = undefined;
    markHandled(this.promise);
    return true;
  }

  finish(): void {
    this.#resolve?.(this.#results.slice());
  }

  async again(): Promise<TaskResult<R>[]> {
    await this.promise;
    return this.#results.slice();
  }
}

/** Several sinks as one: the rare case that results are asked for more than once. */
class ManySinks implements ResultSink {
  readonly #sinks: ResultSink[] = [];

  push(sink: ResultSink): void {
    this.#sinks.push(sink);
  }

  get decides(): boolean {
    return this.#sinks.some((sink) => sink.decides === true);
  }

  add(task: Ended, value: unknown): boolean {
    let delivered = false;
    for (const sink of this.#sinks) if (sink.add(task, value)) delivered = true;
    return delivered;
  }

  fail(error: unknown): boolean {
    let delivered = false;
    for (const sink of this.#sinks) if (sink.fail(error)) delivered = true;
    return delivered;
  }

  finish(): void {
    for (const sink of this.#sinks) sink.finish();
  }
}

/** A sink added to those that there are. */
export function withSink(present: ResultSink | undefined, sink: ResultSink): ResultSink {
  if (present === undefined) return sink;
  if (present instanceof ManySinks) {
    present.push(sink);
    return present;
  }
  const many = new ManySinks();
  many.push(present);
  many.push(sink);
  return many;
}

/** Takes no result, and calls a function when all tasks have ended. */
export function atTheEnd(finish: () => void): ResultSink {
  return { add: () => false, fail: () => false, finish };
}

/** What is left of the sinks of a group that has ended: later calls get everything at once. */
export const OVER: ResultSink = atTheEnd(() => {});

function copyOf<R>(values: readonly R[] | undefined): R[] {
  return values === undefined ? [] : values.slice();
}

function resultOf<R>({ id, index, outcome }: Ended, value: unknown): TaskResult<R> {
  if (outcome === 'fulfilled') return { status: 'fulfilled', id, index, value: value as R };
  return { status: outcome as 'rejected' | 'cancelled', id, index, reason: value };
}
