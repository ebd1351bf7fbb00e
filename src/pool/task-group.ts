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

/** How far a group is. */
export interface GroupProgress {
  /** Tasks made so far. */
  readonly created: number;
  /** Tasks that have ended. */
  readonly ended: number;
  /**
   * How many there will be, where the source has a length: that of an array as it is now; of other
   * sources what it was at the call, until the last item has come.
   */
  readonly planned?: number;
}

/**
 * A group of tasks that were made by one call. `R` is what its functions resolve to.
 *
 * It is not a promise: making tasks never blocks. Ask for `results()`, `settled()`, or iterate.
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

  /** Makes a group, and gives the handle of it. @internal */
  static make<R>(core: Core, request: GroupRequest): TaskGroup<R> {
    return new TaskGroup<R>(core, core.calls.make(request));
  }

  /** The record behind a handle; undefined if another copy of this library made it. @internal */
  static groupOf(handle: object): Group | undefined {
    return #group in handle ? handle.#group : undefined;
  }

  get name(): string {
    return this.#group.name;
  }

  /** The ids of its tasks that the pool remembers, in order of creation. */
  get ids(): Set<number> {
    return new Set(this.#group.tasks.map((task) => task.id));
  }

  /** How many of its tasks hold a slot. */
  get numRunning(): number {
    return this.#group.slots;
  }

  /**
   * How many of its tasks may run at once. May be changed at any time; of a group that was cancelled
   * or forgotten nothing is left to limit, and setting it does nothing.
   */
  get numConcurrent(): number {
    return limitFromJson(this.#group.numConcurrent);
  }

  /** @throws RangeError, TypeError unless it is a whole number from 1 on or `Infinity`. */
  set numConcurrent(limit: number) {
    checkPositiveLimit('numConcurrent', limit);
    if (limit === this.numConcurrent || !this.#isKnown) return;
    this.#record(Code.groupResized, { numConcurrent: limitToJson(limit) });
  }

  /**
   * The higher, the sooner tasks of the group start, but for those that have a priority of their own. May
   * be changed at any time; those that wait are moved to their new places.
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

  get progress(): GroupProgress {
    const { created, ended, planned } = this.#group;
    return planned === undefined ? { created, ended } : { created, ended, planned };
  }

  /** Whether it was paused. */
  get isPaused(): boolean {
    return this.#group.paused;
  }

  /** Keeps further tasks of the group from starting. What runs is finished. */
  pause(): void {
    if (this.#group.paused || this.#group.isDone || !this.#isKnown) return;
    this.#record(Code.groupPaused);
  }

  /** Lets tasks of the group start again. */
  resume(): void {
    if (!this.#group.paused || !this.#isKnown) return;
    this.#record(Code.groupResumed);
  }

  /**
   * Takes no more items from the source. What was taken, and what runs, is finished; `results()` then
   * has the values of that.
   */
  stop(): void {
    this.#core.sources.exhaust(this.#group);
    this.#core.schedule();
  }

  /**
   * Cancels what has not started: no more items are taken, and the tasks that wait for a slot or for
   * their next attempt are cancelled. What runs is finished. `results()` rejects with the reason if
   * that makes values missing.
   */
  cancelQueued(reason?: unknown): void {
    this.#core.cancelling.queued(this.#group, reason);
  }

  /** Cancels what is left of the group; nothing if all has ended. */
  cancel(reason?: unknown): void {
    this.#core.cancelling.group(this.#group, reason);
  }

  /**
   * The values of all tasks, in the order of the input.
   *
   * Rejects as soon as it is certain that a value will be missing, with what came first: the error
   * of a task, the reason that one was cancelled with, what the source threw, or the reason that the
   * group was cancelled with before all its tasks had started. Functions that return although they
   * were cancelled have a value: if all do, nothing is missing.
   *
   * Rejects with {@link ResultsNotRetained} if results are needed that were released, and with
   * {@link WouldDeadlock} in a task of the group; with {@link GaveUpWaiting}, which says what is not done,
   * once the signal is aborted. Each call gives an array of its own.
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
   * How each task ended, in the order of the input. Resolves when all that were made have ended;
   * items that were left when the source failed or the group was cancelled are not in it. Rejects
   * only with {@link ResultsNotRetained}, with {@link WouldDeadlock} in a task of the group, or with
   * {@link GaveUpWaiting} once the signal is aborted. Each call gives an array of its own.
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
   * The first value that a task of the group gives. The rest is cancelled then: no one waits for it.
   * Failures before it are passed over; where no task gives a value, rejects with the one failure as
   * itself, with several as an AggregateError. Rejects with {@link WouldDeadlock} in a task of the
   * group, and with {@link GaveUpWaiting} once the signal is aborted.
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
   * The values in the order of completion. A value that was taken is released. Throws the first
   * failure of a task when it comes to it; what the source threw, or the group was cancelled with,
   * after the values of what was running. Leaving the loop early stops the source; what runs is finished.
   */
  [Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    return this.#results.iterate();
  }

  /**
   * The values in the order of the input, for `for await`, with back-pressure: at most `buffer` of them are
   * done and not taken. No more tasks are made until the consumer has taken some. A value that was taken is
   * released. Throws the failure of a task in its place; the rest is as for a loop over the group itself.
   *
   * @throws RangeError, TypeError unless `buffer` is a whole number from 1 on or `Infinity`.
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

  /** Resolves when every task of the group has ended. Failures stay for `gatherAndClose`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#results.untilEnded('the disposal');
  }

  toString(): string {
    return this.name;
  }

  /** What `JSON.stringify` makes of a group: what a snapshot of the pool says of it. */
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

  /** Made when something asks for them. */
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
