/// <reference lib="esnext.disposable" preserve="true" />

/** The handle that a caller gets for a group of tasks. */

import { type GaveUpWaiting, ResultsNotRetained, type WouldDeadlock } from '../errors.ts';
import { Code, type EventCode } from '../event-codes.ts';
import { runSoon } from '../kit/jobs.ts';
import { counted, oneLine, PRINTED, quoted } from '../kit/printed.ts';
import { limitFromJson, limitToJson } from '../machines/limits.ts';
import { type GroupSnapshot, groupSnapshot } from '../machines/pool-snapshot.ts';
import { checkFinite, checkPositiveLimit } from './checks.ts';
import type { Core } from './core.ts';
import type { Group } from './engine/live.ts';
import type { GroupRequest } from './feeds/group-request.ts';
import { orderedOptions, waitOptions } from './option-tables.ts';
import type { OrderedOptions, WaitOptions } from './options.ts';
import { Arrivals } from './results/arrivals.ts';
import type { Iterated } from './results/arriving.ts';
import { FirstSink } from './results/first-sink.ts';
import { gaveUp, unlessAborted } from './results/giving-up.ts';
import { GroupIterator } from './results/group-iterator.ts';
import { FORMER, isKept } from './results/marks.ts';
import { OrderedArrivals } from './results/ordered-arrivals.ts';
import {
  type Asked,
  AtTheEnd,
  type ResultSink,
  SettledSink,
  type TaskResult,
  ValuesSink,
} from './results/results.ts';

/** How many values are buffered by `ordered()` where nothing limits how many tasks run. */
const UNLIMITED_BUFFER = 100;

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
  #values: Asked<R[]> | undefined = undefined;
  #settled: Asked<TaskResult<R>[]> | undefined = undefined;
  #first: Asked<R> | undefined = undefined;

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
    return this.#ask('results()', options, this.#values, () => {
      this.#values = this.#add(new ValuesSink<R>());
      return this.#values;
    });
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
    return this.#ask('settled()', options, this.#settled, () => {
      this.#settled = this.#add(new SettledSink<R>());
      return this.#settled;
    });
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
    return this.#ask('first()', options, this.#first, () => {
      const sink = this.#add(
        new FirstSink<R>(this.name, () => {
          this.#core.sources.stop(this.#group);
          void runSoon(() => this.cancel());
        }),
      );
      this.#first = { promise: sink.promise, again: () => sink.promise };
      return this.#first;
    });
  }

  /**
   * The values in the order of completion. A value that was taken is released. Throws the first
   * failure of a task when it comes to it; what the source threw, or the group was cancelled with,
   * after the values of what was running. Leaving the loop early stops the source; what runs is finished.
   */
  [Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    this.#checkHasResults('an iteration');
    const iterated = this.#iterated('an iteration');
    return new GroupIterator<R>(iterated, () => new Arrivals<R>(iterated));
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
    orderedOptions.check('ordered()', options);
    this.#checkHasResults('ordered()');
    const { buffer = this.#defaultBuffer } = options;
    const iterated = this.#iterated('ordered()');
    const reach = (count: number) => {
      this.#group.reach = count;
      this.#core.scheduler.revisit(this.#group);
    };
    // From the call on, though the loop may begin later.
    if (this.#group.source === 'open') reach(buffer);
    return new GroupIterator<R>(
      iterated,
      () => new OrderedArrivals<R>({ ...iterated, reach }, buffer),
    );
  }

  /** Twice as many as may run, so that all slots are in use while the consumer takes what is done. */
  get #defaultBuffer(): number {
    const atOnce = Math.min(this.numConcurrent, this.#core.door.state.poolSize);
    return atOnce === Number.POSITIVE_INFINITY ? UNLIMITED_BUFFER : Math.max(1, 2 * atOnce);
  }

  #iterated(what: string): Iterated {
    return {
      check: () => this.#core.calling.checkWaitForGroup(what, this.#group),
      begin: (sink) => this.#add(sink),
      onThrown: (task) => this.#core.delivery.failures.delivered(task ?? this.#group),
      stop: () => this.#core.sources.stop(this.#group),
    };
  }

  /** Resolves when every task of the group has ended. Failures stay for `gatherAndClose`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#core.calling.checkWaitForGroup('the disposal', this.#group);
    await new Promise<void>((resolve) => {
      this.#core.delivery.addSink(this.#group, new AtTheEnd(resolve));
    });
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

  /** @throws ResultsNotRetained of a group of submissions, whose results are in their promises. */
  #checkHasResults(method: string): void {
    if (!this.#group.isSubmitted) return;
    throw new ResultsNotRetained(
      `expected ${method} of a group that one call has made, got ${quoted(this.name)}: each submission has a promise`,
    );
  }

  /** Whether the pool knows the group: it was neither cancelled nor forgotten. */
  get #isKnown(): boolean {
    return this.#core.door.state.groups.get(this.name) === this.#group;
  }

  /** The promise of a sink; a refusal rejects, as everything about results does. */
  #ask<T>(
    method: string,
    options: WaitOptions,
    asked: Asked<T> | undefined,
    ask: () => Asked<T>,
  ): Promise<T> {
    this.#checkHasResults(method);
    try {
      waitOptions.check(method, options);
      const { signal } = options;
      this.#core.calling.checkWaitForGroup(method, this.#group);
      const promise = asked === undefined ? ask().promise : asked.again();
      return unlessAborted(promise, signal, (reason) =>
        gaveUp(this.#core.door, `${method} of ${quoted(this.name)}`, this.#group.tasks, reason),
      );
    } catch (error) {
      const refusal = Promise.reject<T>(error);
      refusal.catch(() => {});
      return refusal;
    }
  }

  #add<S extends ResultSink>(sink: S): S {
    const group = this.#group;
    const kept = group.ended === 0 ? 0 : group.endedTasks.filter(isKept).length;
    if (kept !== group.ended) {
      throw new ResultsNotRetained(
        `expected the results of ${group.ended} ended tasks of ${quoted(group.name)}, got ${kept}: the ` +
          `others ${this.#whyGone()}. Ask before the first task ends.`,
      );
    }
    this.#core.delivery.addSink(group, sink);
    return sink;
  }

  #whyGone(): string {
    return this.#group.tasks.some(({ value }) => value === FORMER)
      ? 'ended before the pool was recovered, and journals hold no results'
      : 'were not retained or were consumed';
  }

  #record(code: EventCode, fields: object = {}): void {
    this.#core.door.record(code, this.#group, 0, { group: this.name, ...fields });
  }
}
