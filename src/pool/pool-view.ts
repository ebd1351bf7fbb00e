/** What a pool says of itself, now and as it changes. */

import type { PoolEventAbout, PoolEventOf, PoolKind } from '../events/events.ts';
import type { EventHistory } from '../journal/event-history.ts';
import type { EventStore } from '../journal/event-store.ts';
import { counted, oneLine, PRINTED } from '../kit/printed.ts';
import type { PoolActor, PoolStatus } from '../machines/charts.ts';
import {
  type PoolSnapshot,
  type SnapshotOptions,
  takeSnapshot,
} from '../machines/pool-snapshot.ts';
import type { PoolState } from '../machines/pool-state.ts';
import type { PoolTotals } from '../machines/records.ts';
import type { StatisticsSummary } from '../statistics/summary.ts';
import { type StuckTask, stuckTasks } from './attempt/stuck.ts';
import { Core, type Recovery } from './core.ts';
import type { Group, Task } from './live/live.ts';
import type { DefaultOptions } from './options/group-options.ts';
import { snapshotOptions, subscribeOptions } from './options/option-tables.ts';
import type {
  EventHandler,
  PoolOptions,
  StuckOptions,
  SubscribeOptions,
} from './options/pool-options.ts';
import { PoolLimit } from './pool-limit.ts';
import type { Clock } from './turn/clock.ts';

const NO_DEFAULTS: DefaultOptions = Object.freeze({});

/** The number that names the next pool without a name. */
let poolIndex = 0;

/** The part of {@link BasePool} that changes nothing. */
export abstract class PoolView {
  /** @internal */
  declare protected readonly core: Core;
  /** The limits of the pool by their names; each may be changed at any time. */
  readonly limits: Readonly<Record<string, PoolLimit>>;
  readonly #state: PoolState<Task, Group>;

  /** @internal */
  protected constructor(kind: PoolKind, options: PoolOptions, recovery?: Recovery) {
    const core = new Core(kind, options.name ?? String(poolIndex), options, recovery);
    // What prints or compares a pool does not enumerate its internals.
    Object.defineProperty(this, 'core', { value: core });
    if (recovery === undefined) poolIndex++;
    this.#state = this.core.door.state;
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

  /**
   * Tells the pool from every other, of the same name too: random, in its first event, and the same in each
   * process that continues its work.
   */
  get uid(): string {
    return this.#state.uid;
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
    return this.core.calls.defaults ?? NO_DEFAULTS;
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

  /** Whether the work of the pool can be continued by another process: `suspend()` is possible. */
  get isDurable(): boolean {
    return this.core.journal?.suspend !== undefined;
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
    return takeSnapshot(this.#state, options);
  }

  /** What `JSON.stringify` makes of a pool: its snapshot. */
  toJSON(): PoolSnapshot {
    return this.snapshot();
  }

  /** What `console.log` prints of a pool. @internal */
  [PRINTED](): string {
    const { kind, name, status, paused, numRunning, poolSize, totals } = this.#state;
    const size = poolSize === Number.POSITIVE_INFINITY ? '' : ` of ${poolSize}`;
    const pending = this.numPending;
    const { fulfilled, rejected, cancelled } = totals;
    const counts = counted({ pending, fulfilled, rejected, cancelled });
    return `${kind} ${oneLine(name)}: ${status}${paused ? ', paused' : ''}, ${numRunning}${size} running${counts}`;
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
   * Calls a handler for each event of a type, with `'task.*'` for each event about a task, or with `'*'`
   * for each event, in the order of `seq`. With `once` only for the first, and not after `signal` aborts.
   * An error that it throws goes to the logger. `pool.created` and `pool.recovered` are recorded before
   * anyone can subscribe: they come with `{ replay: true }`, which begins with the events that the
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
      | 'task.placed'
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
      | 'pool.suspended'
      | 'pool.flushed'
      | 'pool.recovered'
      | 'pool.closing'
      | 'pool.closed',
  >(type: T, handler: EventHandler<PoolEventOf<T>>, options?: SubscribeOptions): () => void;
  on(type: string, handler: EventHandler<never>, options: SubscribeOptions = {}): () => void {
    subscribeOptions.check('on()', options);
    return this.core.publisher.on(type, handler as EventHandler, options);
  }

  /** The class and the name: `TaskPool-0`. */
  toString(): string {
    return `${this.#state.kind}-${this.name}`;
  }

  /** The store that its events are written to, if they are kept in memory besides. @internal */
  static storeOf(pool: PoolView): EventStore | undefined {
    return pool.core.store;
  }

  /** What it is made of. @internal */
  static coreOf(pool: PoolView): Core {
    return pool.core;
  }

  /** The state that its events are folded into. @internal */
  static stateOf(pool: PoolView): PoolState<Task, Group> {
    return pool.#state;
  }
}
