/** Delivers the outcomes of tasks to all callers that requested them. */

import type { Outcome } from '../../events/events.ts';
import { markHandled } from '../../kit/promises.ts';
import { Requested } from './requested.ts';

/** How one task ended. */
export type TaskResult<R> =
  | { readonly status: 'fulfilled'; readonly id: number; readonly index: number; readonly value: R }
  | {
      readonly status: 'rejected' | 'cancelled';
      readonly id: number;
      readonly index: number;
      readonly reason: unknown;
    };

/** The part of an ended task that receivers of results use. */
export interface Ended {
  readonly id: number;
  readonly index: number;
  readonly outcome: Outcome | undefined;
  /** Its value, error or reason; a consumer may replace it by a mark. */
  value: unknown;
}

/** Something that takes the results of a group as its tasks end. */
export interface ResultSink {
  /**
   * Takes what the task returned, threw, or was cancelled with; returns true if that delivers its failure to a
   * caller. The value is passed separately, since an earlier sink may have released that of the task.
   */
  add(task: Ended, value: unknown): boolean;
  /** Takes the error that stopped the source; returns true if that delivers it to a caller. */
  fail(error: unknown): boolean;
  /** Called when all tasks have ended. */
  finish(): void;
  /** Whether a result may change what runs next, so that it must be delivered before another task starts. */
  readonly decides?: boolean;
}

/** Requested results. */
export interface Asked<T> {
  readonly promise: Promise<T>;
  /** The same results for another caller, in an array of its own. */
  again(): Promise<T>;
}

/** All values in input order, or the first failure. */
export class ValuesSink<R> extends Requested<R[]> implements ResultSink, Asked<R[]> {
  /** Never handed out, since callers may change the arrays they got. */
  #values: R[] | undefined = undefined;

  add({ outcome, index }: Ended, value: unknown): boolean {
    if (this.isSettled) return false;
    if (outcome !== 'fulfilled') return this.fail(value);
    // With room for one value, which is enough for most groups; an empty array would grow to room for 17.
    if (this.#values === undefined) this.#values = index === 0 ? [value as R] : [];
    this.#values[index] = value as R;
    return true;
  }

  finish(): void {
    this.resolve(copyOf(this.#values));
  }

  again(): Promise<R[]> {
    const copy = this.promise.then(() => copyOf(this.#values));
    markHandled(copy);
    return copy;
  }

  /** The first failure is delivered, later ones are not. */
  fail(error: unknown): boolean {
    if (!this.reject(error)) return false;
    this.#values = undefined;
    return true;
  }
}

/** How every task ended, in input order. */
export class SettledSink<R>
  extends Requested<TaskResult<R>[]>
  implements ResultSink, Asked<TaskResult<R>[]>
{
  readonly #results: TaskResult<R>[] = [];
  readonly #isSuspension: (error: unknown) => boolean;

  /** @param isSuspension whether an error is the suspension of the group's pool. */
  constructor(isSuspension: (error: unknown) => boolean) {
    super();
    this.#isSuspension = isSuspension;
  }

  add(task: Ended, value: unknown): boolean {
    this.#results[task.index] = resultOf<R>(task, value);
    if (task.outcome === 'cancelled') this.fail(value);
    return true;
  }

  /**
   * The error of the source is no result of a task and is kept for `gatherAndClose()`. But in a suspended pool it is
   * not known how the tasks will end. The suspension of another pool is an error like any other.
   */
  fail(error: unknown): boolean {
    return this.#isSuspension(error) && this.reject(error);
  }

  finish(): void {
    this.resolve(this.#results.slice());
  }

  async again(): Promise<TaskResult<R>[]> {
    await this.promise;
    return this.#results.slice();
  }
}

/** Several sinks as one, for the rare case that results are requested more than once. */
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

/** Adds a sink to the existing ones. */
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

/** Replaces the sinks of a group that has ended: later sinks receive everything immediately. */
export const OVER: ResultSink = atTheEnd(() => {});

function copyOf<R>(values: readonly R[] | undefined): R[] {
  return values === undefined ? [] : values.slice();
}

function resultOf<R>({ id, index, outcome }: Ended, value: unknown): TaskResult<R> {
  if (outcome === 'fulfilled') return { status: 'fulfilled', id, index, value: value as R };
  return { status: outcome as 'rejected' | 'cancelled', id, index, reason: value };
}
