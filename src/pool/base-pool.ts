/// <reference lib="esnext.disposable" preserve="true" />

/** What both pools have in common: everything but making tasks. */

import {
  AlreadyCancelled,
  AlreadyEnded,
  PoolSuspended,
  TaskGroupNotFound,
  TaskNotFound,
} from '../errors.ts';
import { Code } from '../event-codes.ts';
import type { PoolEventAbout, PoolEventOf, PoolKind } from '../events.ts';
import type { EventHistory } from '../journal/event-history.ts';
import { CANCELLED, ENDED, type PoolActor, type PoolStatus } from '../machines/charts.ts';
import {
  type PoolSnapshot,
  type SnapshotOptions,
  takeSnapshot,
} from '../machines/pool-snapshot.ts';
import type { PoolState } from '../machines/pool-state.ts';
import type { PoolTotals } from '../machines/records.ts';
import type { StatisticsSummary } from '../statistics/summary.ts';
import { type StuckTask, stuckTasks } from './attempt/stuck.ts';
import {
  checkCount,
  checkGrace,
  checkLimit,
  checkOptionalSignal,
  checkOptionalString,
  checkPriority,
} from './checks.ts';
import { Core, type Recovery } from './core.ts';
import type { Clock } from './engine/clock.ts';
import type { Closing } from './engine/closing.ts';
import { type Group, Task } from './engine/live.ts';
import type { Explanation } from './explain.ts';
import {
  checkpointOptions,
  flushOptions,
  gatherOptions,
  resizeOptions,
  snapshotOptions,
  subscribeOptions,
  suspendOptions,
  taskFilter,
  waitOptions,
} from './option-names.ts';
import type {
  DefaultOptions,
  EventHandler,
  FlushOptions,
  GatherOptions,
  PoolOptions,
  ResizeOptions,
  StuckOptions,
  SubscribeOptions,
  SuspendOptions,
  WaitOptions,
} from './options.ts';
import type { CheckpointOptions } from './persistence/checkpoint-plan.ts';
import { PoolLimit } from './pool-limit.ts';
import type { Submission } from './submissions/submission.ts';
import { TaskGroup } from './task-group.ts';
import { TaskHandle } from './task-handle.ts';

const NO_DEFAULTS: DefaultOptions = Object.freeze({});

/** The number that names the next pool without a name. */
let poolIndex = 0;

/** The common part of {@link TaskPool} and {@link SimpleTaskPool}. */
export abstract class BasePool implements AsyncDisposable {
  /** @internal */
  protected readonly core: Core;
  /** The limits of the pool by their names; each may be changed at any time. */
  readonly limits: Readonly<Record<string, PoolLimit>>;
  readonly #state: PoolState<Task, Group>;
  readonly #closing: Closing;

  /** @internal */
  protected constructor(kind: PoolKind, options: PoolOptions, recovery?: Recovery) {
    this.core = new Core(kind, options.name ?? String(poolIndex), options, recovery);
    if (recovery === undefined) poolIndex++;
    this.#state = this.core.door.state;
    this.#closing = this.core.closing;
    this.limits = Object.freeze(
      Object.fromEntries(
        (this.#state.limits?.names ?? []).map((name) => [name, new PoolLimit(this.core, name)]),
      ),
    );
  }

  /** Which class made it: `'TaskPool'` or `'SimpleTaskPool'`. */
  get kind(): PoolKind {
    return this.#state.kind;
  }

  /** The name given, or a number that counts up. */
  get name(): string {
    return this.#state.name;
  }

  /** How many tasks may run at once. May be changed at any time, and reads back what was set. */
  get poolSize(): number {
    return this.#state.poolSize;
  }

  /**
   * A larger size starts waiting tasks at once; a smaller one stops nothing: the surplus drains.
   *
   * @throws RangeError, TypeError unless it is a whole number from 0 on or `Infinity`.
   * @throws PoolIsClosed if the pool is closed.
   */
  set poolSize(size: number) {
    checkLimit('poolSize', size);
    this.core.resize(size);
  }

  /**
   * Sets {@link poolSize}, and says in the event `pool.resized` why.
   *
   * @throws RangeError, TypeError unless `size` is a whole number from 0 on or `Infinity`.
   * @throws PoolIsClosed if the pool is closed.
   */
  resize(size: number, options: ResizeOptions = {}): void {
    resizeOptions.check('resize()', options);
    checkLimit('size', size);
    checkOptionalString('reason', options.reason);
    this.core.resize(size, options.reason);
  }

  /** Where the pool gets the time from: the option `clock`, or the clock of the platform. */
  get clock(): Clock {
    return this.core.door.turn.clock;
  }

  /** Tasks that hold a slot and are not past their cancellation. */
  get numRunning(): number {
    return this.#state.numRunning;
  }

  /** Tasks that wait for a slot: one of each group at the most, and those that are run again. */
  get numQueued(): number {
    return this.#state.numQueued;
  }

  /** Tasks that have failed and will be run again; they hold no slot. */
  get numDelayed(): number {
    return this.#state.numDelayed;
  }

  /**
   * All that is known to wait: items of which no task was made, submissions, and tasks that are queued or
   * delayed. An open source that has no length counts 1.
   */
  get numPending(): number {
    return this.core.numPending;
  }

  /** Tasks between their cancellation and their end. */
  get numCancelled(): number {
    return this.#state.numCancelled;
  }

  /** Tasks that have ended and are remembered. */
  get numEnded(): number {
    return this.#state.numEnded;
  }

  /** Counts that only grow. */
  get totals(): PoolTotals {
    return { ...this.#state.totals };
  }

  /** Whether no slot is free. */
  get isFull(): boolean {
    return this.#state.slots >= this.#state.poolSize;
  }

  /**
   * What the pool accepts: `'open'` takes calls, `'locked'` refuses them until `unlock()`, `'closing'`
   * finishes what it has accepted, `'closed'` is the end. Pausing does not change it.
   */
  get status(): PoolStatus {
    return this.#state.status;
  }

  /** The options that every call has unless it says otherwise. Set with the pool, and frozen. */
  get defaults(): DefaultOptions {
    return this.core.defaults ?? NO_DEFAULTS;
  }

  /** Whether no tasks start until `resume()`. */
  get isPaused(): boolean {
    return this.#state.paused;
  }

  /** Whether new calls are refused: after `lock()`, and from the start of closing on. */
  get isLocked(): boolean {
    return this.#state.status !== 'open';
  }

  /** Whether everything has ended and the pool is closed. */
  get isClosed(): boolean {
    return this.#state.status === 'closed';
  }

  /** The xstate actor of the pool. Made on first use; moves with the pool from then on. */
  get actor(): PoolActor {
    return this.core.actors.pool;
  }

  /**
   * The journal in memory: the most recent events, oldest first. Beside a store it holds what the
   * option `history` says, and at most 1 MiB of data once the pool is closed and all is written.
   */
  get journal(): EventHistory {
    return this.core.door.journal;
  }

  /** Refuses new calls with `PoolIsLocked`; accepted work is finished. */
  lock(): void {
    this.core.lock();
  }

  /**
   * Takes new calls again.
   *
   * @throws PoolIsClosed if the pool is closing or closed.
   */
  unlock(): void {
    this.core.unlock();
  }

  /**
   * Starts no more tasks until `resume()`. Calls are taken, what runs is finished, and tasks can be
   * cancelled as before. A paused pool that is closed with work left waits to be resumed, or to have it
   * cancelled. Does nothing if it is paused.
   *
   * @throws PoolIsClosed if the pool is closed.
   */
  pause(): void {
    this.core.pause();
  }

  /**
   * Lets tasks start again. Does nothing unless the pool is paused.
   *
   * @throws PoolIsClosed if the pool is closed.
   */
  resume(): void {
    this.core.resume();
  }

  /**
   * The ids of the remembered tasks of the named groups.
   *
   * @throws TaskGroupNotFound if one of the names is not known.
   */
  getGroupIds(...names: string[]): Set<number> {
    const ids = new Set<number>();
    for (const group of names.map((name) => this.#groupNamed(name))) {
      for (const { id } of group.tasks) ids.add(id);
    }
    return ids;
  }

  /**
   * The group of a name: a handle like the one that the call which made the group returned.
   *
   * @throws TaskGroupNotFound if the name is not known.
   */
  group(name: string): TaskGroup<unknown> {
    return new TaskGroup(this.core, this.#groupNamed(name));
  }

  /**
   * A task that the pool remembers.
   *
   * @throws TaskNotFound
   */
  task(id: number): TaskHandle {
    return new TaskHandle(this.#taskOf(id), this.core);
  }

  /**
   * Cancels tasks. One that waits is taken out at once; one that runs has its signal aborted and
   * keeps its slot until its function settles. Every id is checked before anything is
   * cancelled; a second cancel of a task that is unwinding does nothing.
   *
   * A submission is also known by its `unique` key, and that before it is a task.
   *
   * @param ids the ids and keys, or an array of them followed by the reason.
   * @throws TaskNotFound, AlreadyCancelled, AlreadyEnded, TypeError
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool({ poolSize: 1 });
   * const group = pool.apply(async () => 1);
   * pool.cancel([...group.ids], 'not needed');
   * const [result] = await group.settled();
   * result?.status; // => 'cancelled'
   * await pool.gatherAndClose();
   * ```
   */
  cancel(...ids: number[]): void;
  cancel(...keys: string[]): void;
  cancel(ids: Iterable<number | string> & object, reason?: unknown): void;
  cancel(...args: unknown[]): void {
    const [first, second] = args;
    const isList = typeof first === 'object' && first !== null && Symbol.iterator in first;
    const ids = isList ? [...(first as Iterable<number | string>)] : (args as (number | string)[]);
    const reason = isList ? second : undefined;
    const found = ids.map((id) => this.#cancellableBy(id));
    this.core.cancelling.tasks(
      found.filter((each) => each instanceof Task),
      reason,
    );
    for (const each of found) {
      if (!(each instanceof Task)) this.core.submissions.cancel(each, reason);
    }
  }

  /**
   * Why a task does not run, or a group starts nothing more: as data, and as a sentence.
   *
   * @param what the id of a task, the `unique` key of a submission, or a group or its name. A text that is
   * both a key and a name is taken as the key.
   * @throws TaskNotFound, TaskGroupNotFound
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool({ poolSize: 0 });
   * const group = pool.apply(() => 1, [], { groupName: 'mine' });
   * pool.explain(group).reason; // => { why: 'full', poolSize: 0 }
   * pool.explain(0).sentence; // => "task 0 of 'mine' waits: all 0 slots of the pool are taken"
   * group.cancel();
   * await pool.gatherAndClose();
   * ```
   */
  explain(what: number | string | TaskGroup<unknown>): Explanation {
    const { explainer } = this.core;
    if (typeof what === 'number') return explainer.task(this.#taskOf(what));
    const submission = typeof what === 'string' && this.core.submissions.withKey(what);
    if (submission) return explainer.submission(submission);
    return explainer.group(this.#groupNamed(String(what)));
  }

  /**
   * Sets the priority of a task, in place of that of its group: the higher, the sooner it starts. Of one
   * that runs it counts when it is run again.
   *
   * @throws TaskNotFound, AlreadyCancelled, AlreadyEnded, TypeError, RangeError unless it is a finite
   * number.
   */
  setPriority(id: number | string, priority: number): void {
    checkPriority(priority);
    const found = this.#cancellableBy(id);
    if (!(found instanceof Task)) {
      this.core.submissions.prioritise(found, priority);
      return;
    }
    const task = found;
    if (task.notes.priority !== priority) {
      this.core.door.record(Code.taskPrioritised, task, 0, priority);
    }
  }

  /**
   * Cancels a group: its source is stopped, then what waits and what runs is cancelled. Its name
   * is free again at once.
   *
   * @throws TaskGroupNotFound
   */
  cancelGroup(group: string | TaskGroup<unknown>, reason?: unknown): void {
    const record = this.#groupNamed(String(group));
    if (typeof group === 'object' && TaskGroup.groupOf(group) !== record) {
      throw new TaskGroupNotFound(
        `expected a group of ${this} that was not cancelled, got '${group}'`,
      );
    }
    this.core.cancelling.wholeGroup(record, reason);
  }

  /**
   * Cancels what has not started: no more items are taken from the sources of the groups, and tasks
   * that wait for a slot or for their next attempt are cancelled. What runs is finished.
   */
  cancelQueued(reason?: unknown): void {
    for (const group of [...this.#state.groups]) this.core.cancelling.queued(group, reason);
  }

  /** Cancels every group. */
  cancelAll(reason?: unknown): void {
    this.core.cancelling.all(reason);
  }

  /**
   * Forgets the tasks that have ended, once the callbacks under way are through. Waits for no
   * function.
   *
   * @returns with `returnExceptions` the errors that nobody had asked for, otherwise nothing.
   * @throws such an error as itself, several as an AggregateError.
   * @throws WouldDeadlock in a callback of this pool.
   */
  flush(options: FlushOptions = {}): Promise<unknown[]> {
    flushOptions.check('flush()', options);
    this.core.calling.checkWaitForCallbacks('flush()');
    return this.#closing.flush(options);
  }

  /**
   * Takes no more work, waits until all that was accepted has ended and the callbacks are through,
   * and closes the pool. Always ends closed. A second call gets the same promise.
   *
   * @returns with `returnExceptions` the errors that nobody had asked for, otherwise nothing.
   * @throws after closing: such an error as itself, several as an AggregateError.
   * @throws WouldDeadlock in a function or a callback of this pool; it is not closed then.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * pool.map(async (n: number) => n / 2, [1, 2, 3]);
   * await pool.gatherAndClose();
   * pool.totals.fulfilled; // => 3
   * ```
   */
  gatherAndClose(options: GatherOptions = {}): Promise<unknown[]> {
    gatherOptions.check('gatherAndClose()', options);
    this.core.calling.checkWaitForAll('gatherAndClose()', options);
    return this.#closing.gather(options);
  }

  /**
   * Stops here what another process is to continue: for a pool that is made with `functions` and a store.
   * Nothing starts any more and calls are refused; what runs has `grace` milliseconds to finish, and is
   * aborted then. Of what that ends nothing is written and nobody called back, so that a recovery runs it
   * again. Who waits for it gets `PoolSuspended`. Then the pool closes.
   *
   * @returns when everything before is written and the store is closed. A second call gets the same promise.
   * @throws NotRecoverable if nothing could be recovered; WouldDeadlock in a function or a callback;
   * RangeError, TypeError; PoolIsClosed if the pool is closed.
   */
  suspend(options: SuspendOptions = {}): Promise<void> {
    suspendOptions.check('suspend()', options);
    checkGrace(options.grace ?? 0);
    checkOptionalSignal('signal', options.signal);
    this.core.calling.checkWaitForAll('suspend()');
    return this.core.suspend(options);
  }

  /** Whether the work of the pool can be continued by another process: `suspend()` is possible. */
  get isDurable(): boolean {
    return this.core.journal?.suspend !== undefined;
  }

  /**
   * Resolves when the pool is closed. Rejects with the signal's reason if that aborts first.
   *
   * @throws WouldDeadlock in a function or a callback of this pool.
   */
  untilClosed(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilClosed()', options);
    this.core.calling.checkWaitForAll('untilClosed()', options);
    return this.core.conditions.until('closed', () => this.isClosed, options.signal);
  }

  /**
   * Resolves when nothing is left to run, to unwind or to call back. Rejects with the signal's
   * reason if that aborts first, and with `PoolSuspended` if the pool is suspended.
   *
   * @throws WouldDeadlock in a function or a callback of this pool.
   */
  untilIdle(options: WaitOptions = {}): Promise<void> {
    waitOptions.check('untilIdle()', options);
    this.core.calling.checkWaitForAll('untilIdle()', options);
    return this.#unlessSuspended(this.#closing.untilIdle(options.signal));
  }

  /**
   * Resolves when the journal has everything that has happened so far: all calls, and what became of
   * them. At once in a pool whose events are only kept in memory.
   *
   * @throws what the store has failed with.
   */
  async untilDurable(): Promise<void> {
    const { persister } = this.core.door;
    this.core.submissions.record();
    await persister?.drained();
    const failure = persister?.failure;
    if (failure !== undefined) throw failure.cause;
  }

  /**
   * Resolves when {@link numPending} is less than `n`: back-pressure for producers. Rejects with the
   * signal's reason if that aborts first, and with `PoolSuspended` if the pool is suspended.
   *
   * @throws RangeError, TypeError unless `n` is a whole number from 1 on.
   */
  untilSizeBelow(n: number, options: WaitOptions = {}): Promise<void> {
    checkCount('n', n, 1);
    waitOptions.check('untilSizeBelow()', options);
    const { conditions } = this.core;
    const isBelow = () => this.core.numPending < n;
    return this.#unlessSuspended(conditions.until(`fewer than ${n}`, isBelow, options.signal));
  }

  /**
   * Calls a handler for each event of a type, with `'task.*'` for each event about a task, or with `'*'`
   * for each event, in the order of `seq`. With `once` only for the first, and not after `signal` aborts.
   * An error that it throws goes to the logger. `pool.created` and `pool.recovered` are recorded before
   * anybody can subscribe: they come with `{ replay: true }`, which begins with the events that the
   * journal in memory holds.
   *
   * @returns the function that ends the subscription.
   * @throws RangeError for a type there is not, NotAFunction, TypeError
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const outcomes: string[] = [];
   * const off = pool.on('task.ended', ({ outcome }) => outcomes.push(outcome));
   * await pool.apply(() => 1).results();
   * off();
   * outcomes; // => ['fulfilled']
   * ```
   */
  on(type: '*', handler: EventHandler, options?: SubscribeOptions): () => void;
  on<S extends 'task' | 'group' | 'callback' | 'journal' | 'limit' | 'pool'>(
    type: `${S}.*`,
    handler: EventHandler<PoolEventAbout<S>>,
    options?: SubscribeOptions,
  ): () => void;
  // Written out, so that the compiler lists the names where one is wrong.
  on<
    T extends
      | 'task.queued'
      | 'task.started'
      | 'task.progressed'
      | 'task.cancelling'
      | 'task.timedOut'
      | 'task.failed'
      | 'task.requeued'
      | 'task.cancelled'
      | 'task.ended'
      | 'task.interrupted'
      | 'task.prioritised'
      | 'group.created'
      | 'group.supplied'
      | 'group.submitted'
      | 'group.withdrawn'
      | 'group.resized'
      | 'group.prioritised'
      | 'group.paused'
      | 'group.resumed'
      | 'group.exhausted'
      | 'group.failed'
      | 'group.cancelled'
      | 'callback.failed'
      | 'journal.failed'
      | 'limit.changed'
      | 'limit.paused'
      | 'pool.created'
      | 'pool.resized'
      | 'pool.locked'
      | 'pool.unlocked'
      | 'pool.paused'
      | 'pool.resumed'
      | 'pool.flushed'
      | 'pool.recovered'
      | 'pool.closing'
      | 'pool.closed',
  >(type: T, handler: EventHandler<PoolEventOf<T>>, options?: SubscribeOptions): () => void;
  on(type: string, handler: EventHandler<never>, options: SubscribeOptions = {}): () => void {
    subscribeOptions.check('on()', options);
    checkOptionalSignal('signal', options.signal);
    return this.core.publisher.on(type, handler as EventHandler, options);
  }

  /**
   * The tasks that ignore that their signal was aborted, since they were cancelled or have reached a
   * limit in time: they hold their slots until their functions settle. In order of creation.
   *
   * @throws RangeError, TypeError unless `longerThan` is a number of milliseconds from 0 on.
   */
  stuck(options: StuckOptions = {}): StuckTask[] {
    return stuckTasks(this.core.door, options);
  }

  /** The state of the pool as plain, deep-frozen JSON data. */
  snapshot(options: SnapshotOptions = {}): PoolSnapshot {
    snapshotOptions.check('snapshot()', options);
    if (typeof options.tasks === 'object') taskFilter.check('snapshot({ tasks })', options.tasks);
    return takeSnapshot(this.#state, options);
  }

  /**
   * What has become of the tasks, in figures: by group and by function, how many are in which state and
   * how they ended, how long they waited and ran, what failed, what is slow and what is stuck. They are
   * kept up from when this is first called, and begin with the events that the journal in memory holds.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * await pool.map((n: number) => n * 2, [1, 2, 3], { groupName: 'numbers' }).results();
   * const { total, groups } = await pool.statistics();
   * total.outcomes; // => { fulfilled: 3, rejected: 0, cancelled: 0 }
   * groups[0]?.ran?.count; // => 3
   * await pool.gatherAndClose();
   * ```
   */
  async statistics(): Promise<StatisticsSummary> {
    // Loaded when it is asked for: who does not ask need not have it.
    const { statisticsOf } = await import('../statistics/follow.ts');
    return statisticsOf(this, this.#state, this.clock.now());
  }

  /**
   * Stores the state as of the last event in the journal, so that a later recovery or `replay` need
   * not read all events.
   *
   * @throws TypeError if the journal is no store; what the store throws, or has failed with.
   */
  async checkpoint(options: CheckpointOptions = {}): Promise<void> {
    checkpointOptions.check('checkpoint()', options);
    const { prune = false } = options;
    const { journal } = this.core;
    if (journal === undefined) {
      throw new TypeError(`expected a pool whose journal is a store, got ${this}, which has none`);
    }
    this.core.submissions.record();
    await journal.checkpoint(prune);
  }

  /** `gatherAndClose()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.gatherAndClose();
  }

  /** The class and the name: `TaskPool-0`. */
  toString(): string {
    return `${this.#state.kind}-${this.name}`;
  }

  /** The state that its events are folded into. @internal */
  static stateOf(pool: BasePool): PoolState<Task, Group> {
    return pool.#state;
  }

  /** Nothing is left to wait for in a pool that was suspended, but its work is not done. */
  async #unlessSuspended(wait: Promise<void>): Promise<void> {
    await wait;
    const failure = this.core.door.persister?.failure?.cause;
    if (failure instanceof PoolSuspended) throw failure;
  }

  #taskOf(id: number): Task {
    checkCount('the id of a task', id);
    const task = this.#state.tasks.get(id);
    if (task !== undefined) return task;
    throw new TaskNotFound(`expected the id of a task that ${this} remembers, got ${id}`);
  }

  /** A task, or a submission that is none yet. */
  #cancellableBy(id: number | string): Task | Submission {
    if (typeof id !== 'string') return this.#cancellable(id);
    const submission = this.#submissionOf(id);
    return submission.task === undefined ? submission : this.#cancellable(submission.task.id);
  }

  #submissionOf(key: string): Submission {
    const submission = this.core.submissions.withKey(key);
    if (submission !== undefined) return submission;
    throw new TaskNotFound(`expected the key of a submission that is not over, got '${key}'`);
  }

  #cancellable(id: number): Task {
    const task = this.#taskOf(id);
    if (task.state === CANCELLED) {
      throw new AlreadyCancelled(
        `expected a task that is waiting or running, got ${id}, cancelled`,
      );
    }
    if (task.state === ENDED) {
      throw new AlreadyEnded(`expected a task that is waiting or running, got ${id}, ended`);
    }
    return task;
  }

  #groupNamed(name: string): Group {
    const group = this.#state.groups.get(name);
    if (group !== undefined) return group;
    throw new TaskGroupNotFound(`expected the name of a group of ${this}, got '${name}'`);
  }
}
