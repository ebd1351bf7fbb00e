/** The properties of a pool that are cheap to read. */

import type { PoolKind } from '../events/events.ts';
import type { EventHistory } from '../journal/event-history.ts';
import type { PoolActor, PoolStatus } from '../machines/charts.ts';
import type { PoolState } from '../machines/pool-state.ts';
import type { PoolTotals } from '../machines/records.ts';
import { Core, type Recovery } from './core.ts';
import type { Group, Task } from './live/live.ts';
import type { DefaultOptions } from './options/group-options.ts';
import type { PoolOptions } from './options/pool-options.ts';
import { PoolLimit } from './pool-limit.ts';
import type { Clock } from './turn/clock.ts';

const NO_DEFAULTS: DefaultOptions = Object.freeze({});

/** The default name of the next pool. */
let poolIndex = 0;

/** The part of {@link BasePool} with the properties of a pool. */
export abstract class PoolView {
  /** @internal */
  declare protected readonly core: Core;
  /** The limits of the pool by their names; each can be changed at any time. */
  readonly limits: Readonly<Record<string, PoolLimit>>;
  readonly #state: PoolState<Task, Group>;

  /** @internal */
  protected constructor(kind: PoolKind, options: PoolOptions, recovery?: Recovery) {
    const core = new Core(kind, options.name ?? String(poolIndex), options, recovery);
    // Not enumerable, so that printing or comparing pools ignores their internals.
    Object.defineProperty(this, 'core', { value: core });
    if (recovery === undefined) poolIndex++;
    this.#state = this.core.door.state;
    // A recovery may add some to those in the journal.
    const names = [...(this.#state.limits?.names ?? []), ...Object.keys(options.limits ?? {})];
    this.limits = Object.freeze(
      Object.fromEntries(names.map((name) => [name, new PoolLimit(core, name)])),
    );
  }

  /** The class of the pool: `'TaskPool'` or `'SimpleTaskPool'`. */
  get kind(): PoolKind {
    return this.#state.kind;
  }

  /** The option `name`, or a number that counts up. */
  get name(): string {
    return this.#state.name;
  }

  /**
   * A random id that no other pool has, also none of the same name. It is in the first event of the pool, and stays
   * the same in each process that recovers it.
   */
  get uid(): string {
    return this.#state.uid;
  }

  /** The clock of the pool: the option `clock`, or the clock of the platform. */
  get clock(): Clock {
    return this.core.door.turn.clock;
  }

  /** How many tasks are running, including those whose signal is aborted but whose functions have not settled. */
  get numRunning(): number {
    return this.#state.numRunning;
  }

  /** How many tasks wait for a slot. Items become tasks late: usually one task per group waits, plus retried ones. */
  get numQueued(): number {
    return this.#state.numQueued;
  }

  /** How many tasks have failed and wait for their next attempt; they hold no slot. */
  get numDelayed(): number {
    return this.#state.numDelayed;
  }

  /**
   * How much work waits: items that are no tasks yet, submissions, and queued and delayed tasks. An open source
   * without a length counts as 1.
   */
  get numPending(): number {
    return this.core.numPending;
  }

  /** How many cancelled tasks have not ended yet because their cancel callbacks are running. */
  get numCancelled(): number {
    return this.#state.numCancelled;
  }

  /** How many remembered tasks have ended. */
  get numEnded(): number {
    return this.#state.numEnded;
  }

  /** Counts of tasks since the pool was created; they only grow. */
  get totals(): PoolTotals {
    return { ...this.#state.totals };
  }

  /** Whether no slot is free. */
  get isFull(): boolean {
    return this.#state.slots >= this.#state.poolSize;
  }

  /**
   * `'open'` accepts calls, `'locked'` refuses them until `unlock()`, `'closing'` finishes the accepted work,
   * `'closed'` is final. Pausing does not change it.
   */
  get status(): PoolStatus {
    return this.#state.status;
  }

  /** The option `defaults` of the pool, frozen. */
  get defaults(): DefaultOptions {
    return this.core.calls.defaults ?? NO_DEFAULTS;
  }

  /** Whether the pool is paused: no tasks start until `resume()`. */
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

  /** Whether another process can recover the pool, so that `suspend()` is possible. */
  get isDurable(): boolean {
    return this.core.journal?.suspend !== undefined;
  }

  /** The xstate actor of the pool. Created on first use; follows the state of the pool from then on. */
  get actor(): PoolActor {
    return this.core.actors.pool;
  }

  /**
   * The journal in memory: the most recent events, oldest first. If the pool writes to a store, its size is set by
   * the option `history`, and it keeps at most 1 MiB of data once the pool is closed and everything is written.
   */
  get journal(): EventHistory {
    return this.core.door.journal;
  }

  /** The class and the name, such as `TaskPool-0`. */
  toString(): string {
    return String(this.core);
  }

  /** The internals of a pool. @internal */
  static coreOf(pool: PoolView): Core {
    return pool.core;
  }
}
