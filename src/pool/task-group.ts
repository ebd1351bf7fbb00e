/// <reference lib="esnext.disposable" preserve="true" />

/** The handle that a caller gets for a group of tasks. */

import type { GaveUpWaiting, ResultsNotRetained, WouldDeadlock } from '../errors.ts';
import { Code, type EventCode } from '../events/event-codes.ts';
import { checkFinite, checkPositiveLimit } from '../kit/checks.ts';
import { counted, oneLine, PRINTED } from '../kit/printed.ts';
import { limitFromJson, limitToJson } from '../machines/limits.ts';
import { type GroupSnapshot, groupSnapshot } from '../machines/pool-snapshot.ts';
import type { Core } from './core.ts';
import type { GroupRequest } from './group-request.ts';
import { GroupResults } from './group-results.ts';
import type { Group } from './live/live.ts';
import type { OrderedOptions, WaitOptions } from './options/pool-options.ts';
import type { TaskResult } from './results/results.ts';

/** The progress of a group. */
export interface GroupProgress {
  /** How many tasks were created so far. */
  readonly created: number;
  /** How many tasks have ended. */
  readonly ended: number;
  /**
   * How many there will be, if the source has a length: the current one of an array; of other sources that at the
   * call, until the last item was taken.
   */
  readonly planned?: number;
}

/**
 * The handle of a group of tasks that one call created. `R`: what its functions resolve to.
 *
 * It is not a promise, since creating tasks never blocks. Call `results()` or `settled()`, or iterate over it.
 */
export class TaskGroup<R> implements AsyncIterable<R>, AsyncDisposable {
  readonly #core: Core;
  readonly #group: Group;
  #asked: GroupResults<R> | undefined = undefined;

  /** @internal */
  constructor(core: Core, group: Group) {
    this.#core = core;
    this.#group = group;
  }

  /** Creates a group and returns its handle. @internal */
  static make<R>(core: Core, request: GroupRequest): TaskGroup<R> {
    return new TaskGroup<R>(core, core.calls.make(request));
  }

  /** The record of a handle; undefined if the handle is from another copy of this library. @internal */
  static groupOf(handle: object): Group | undefined {
    return #group in handle ? handle.#group : undefined;
  }

  /** The name of the group, unique among the groups of its pool. */
  get name(): string {
    return this.#group.name;
  }

  /** The ids of its remembered tasks, in order of creation. */
  get ids(): Set<number> {
    return new Set(this.#group.tasks.map((task) => task.id));
  }

  /** How many of its tasks hold a slot. */
  get numRunning(): number {
    return this.#group.slots;
  }

  /**
   * How many of its tasks may run at once. Can be changed at any time; setting it does nothing if the group was
   * cancelled or forgotten.
   */
  get numConcurrent(): number {
    return limitFromJson(this.#group.numConcurrent);
  }

  /** @throws RangeError, TypeError unless it is a positive integer or `Infinity`. */
  set numConcurrent(limit: number) {
    checkPositiveLimit('numConcurrent', limit);
    if (limit === this.numConcurrent || !this.#isKnown) return;
    this.#record(Code.groupResized, { numConcurrent: limitToJson(limit) });
  }

  /**
   * The priority of its tasks, except those that have their own: tasks with a higher priority start first. Can be
   * changed at any time, also for waiting tasks.
   */
  get priority(): number {
    return this.#group.priority;
  }

  /** @throws RangeError, TypeError unless it is a finite number. */
  set priority(priority: number) {
    checkFinite('priority', priority);
    if (priority === this.priority || !this.#isKnown) return;
    this.#record(Code.groupPrioritised, { priority });
  }

  /** How many tasks were created and have ended, and how many there will be. */
  get progress(): GroupProgress {
    const { created, ended, planned } = this.#group;
    return planned === undefined ? { created, ended } : { created, ended, planned };
  }

  /** Whether the group is paused. */
  get isPaused(): boolean {
    return this.#group.paused;
  }

  /** Starts no more tasks of the group until `resume()`. Running tasks are finished. */
  pause(): void {
    if (this.#group.paused || this.#group.isDone || !this.#isKnown) return;
    this.#record(Code.groupPaused);
  }

  /** Starts tasks of the group again. */
  resume(): void {
    if (!this.#group.paused || !this.#isKnown) return;
    this.#record(Code.groupResumed);
  }

  /**
   * Takes no more items from the source. Tasks that already exist are finished, and `results()` resolves with their
   * values.
   */
  stop(): void {
    this.#core.sources.exhaust(this.#group);
    this.#core.scheduler.schedule();
  }

  /**
   * Cancels all work of the group that has not started: no more items are taken, and tasks that wait for a slot or
   * for their next attempt are cancelled. Running tasks are finished. `results()` rejects with the reason if a value
   * is missing then.
   */
  cancelQueued(reason?: unknown): void {
    this.#core.cancelling.queued(this.#group, reason);
  }

  /** Cancels all tasks of the group that have not ended, and takes no more items. */
  cancel(reason?: unknown): void {
    this.#core.cancelling.group(this.#group, reason);
  }

  /**
   * The values of all tasks, in the order of the input.
   *
   * Rejects as soon as it is certain that a value will be missing, with the first cause: the error of a task, the
   * reason a task was cancelled with, the error of the source, or the reason the group was cancelled with before all
   * its tasks had started. A function that returns a value although it was cancelled does have a value.
   *
   * Rejects with {@link ResultsNotRetained} if results were already released, with {@link WouldDeadlock} when called
   * in a task of the group, and with {@link GaveUpWaiting}, which lists unfinished tasks, once the signal is aborted.
   * Each call resolves with a new array.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const group = pool.map(async (n: number) => n * 2, [1, 2]);
   * await group.results(); // => [2, 4]
   * await pool.gatherAndClose();
   * ```
   */
  results(options: WaitOptions = {}): Promise<R[]> {
    return this.#results.values(options);
  }

  /**
   * How each task ended, in the order of the input. Resolves when all created tasks have ended; items that were not
   * taken before the source failed or the group was cancelled are not included. Rejects only with
   * {@link ResultsNotRetained} if results were already released, with {@link WouldDeadlock} when called in a task of
   * the group, or with {@link GaveUpWaiting} once the signal is aborted. Each call resolves with a new array.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const group = pool.map(async (n: number) => 1n / BigInt(n), [1, 0]);
   * const results = await group.settled();
   * results.map(({ status }) => status); // => ['fulfilled', 'rejected']
   * await pool.gatherAndClose();
   * ```
   */
  settled(options: WaitOptions = {}): Promise<TaskResult<R>[]> {
    return this.#results.settled(options);
  }

  /**
   * The first value of any task of the group, like `Promise.any`; then all other tasks are cancelled. If no task has
   * a value, rejects with the error, or with an AggregateError if there are several. Rejects with
   * {@link WouldDeadlock} when called in a task of the group, and with {@link GaveUpWaiting} once the signal is
   * aborted.
   *
   * @example
   * ```ts
   * import { setTimeout as sleep } from 'node:timers/promises';
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const ask = (ms: number, { signal }: { signal: AbortSignal }) => sleep(ms, `${ms} ms`, { signal });
   * await pool.map(ask, [60_000, 5], { numConcurrent: 2 }).first(); // => '5 ms'
   * await pool.gatherAndClose();
   * ```
   */
  first(options: WaitOptions = {}): Promise<R> {
    return this.#results.first(options, () => this.cancel());
  }

  /**
   * Iterates over the values in the order of completion. Each value is released once it was taken. Throws the first
   * failure of a task when it is its turn; throws the error of the source, or the reason the group was cancelled
   * with, after the values of the running tasks. Leaving the loop early stops the source; running tasks are finished.
   */
  [Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    return this.#results.iterate();
  }

  /**
   * Iterates over the values in the order of the input, for `for await`, with backpressure: at most `buffer` values
   * are done but not taken, and no more tasks are created until the consumer has taken some. Each value is released
   * once it was taken. Throws the failure of a task at its place in the order; otherwise it behaves like a loop over
   * the group itself.
   *
   * @throws RangeError, TypeError unless `buffer` is a positive integer or `Infinity`.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool({ poolSize: 4 });
   * const squares: number[] = [];
   * const group = pool.map(async (n: number) => n * n, [1, 2, 3]);
   * for await (const square of group.ordered({ buffer: 8 })) squares.push(square);
   * squares; // => [1, 4, 9]
   * await pool.gatherAndClose();
   * ```
   */
  ordered(options: OrderedOptions = {}): AsyncGenerator<R, void, undefined> {
    return this.#results.ordered(options);
  }

  /**
   * Resolves when every task of the group has ended. Their errors are kept for `gatherAndClose()`.
   * @throws WouldDeadlock in a task of the group.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#results.untilEnded('the disposal');
  }

  /** The name of the group. */
  toString(): string {
    return this.name;
  }

  /** The JSON form of a group: its entry in a snapshot of the pool. */
  toJSON(): GroupSnapshot {
    return groupSnapshot(this.#group);
  }

  /** What `console.log` prints of a group. @internal */
  [PRINTED](): string {
    const { created, ended, planned } = this.progress;
    const { isPaused, numRunning } = this;
    const of = planned ?? (created === ended ? undefined : created);
    const counts = counted({ running: numRunning });
    return `TaskGroup ${oneLine(this.name)}: ${ended}${of === undefined ? '' : ` of ${of}`} ended${counts}${isPaused ? ', paused' : ''}`;
  }

  /** Created on first use. */
  get #results(): GroupResults<R> {
    this.#asked ??= new GroupResults(this.#core, this.#group);
    return this.#asked;
  }

  /** Whether the pool knows the group: it was neither cancelled nor forgotten. */
  get #isKnown(): boolean {
    return this.#core.door.state.groups.get(this.name) === this.#group;
  }

  #record(code: EventCode, fields: object = {}): void {
    this.#core.door.record(code, this.#group, 0, { group: this.name, ...fields });
  }
}
