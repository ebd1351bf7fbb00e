/** The properties of a pool that are cheap to read. */

import type { PoolKind } from '../events/events.ts';
import type { EventHistory } from '../journal/event-history.ts';
import type { EventStore } from '../journal/event-store.ts';
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

/** The number that names the next pool without a name. */
let poolIndex = 0;

/** The part of {@link BasePool} that says how the pool is. */
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
