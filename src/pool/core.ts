/** Commands for a whole pool. */

import { NotRecoverable, PoolIsClosed, PoolIsLocked, QueueFull } from '../errors.ts';
import { Code, type EventCode } from '../events/event-codes.ts';
import { defined } from '../events/event-columns.ts';
import type { LimitNumbers, PoolKind, Retain } from '../events/events.ts';
import { randomId } from '../kit/random-id.ts';
import { limitToJson } from '../machines/limits.ts';
import { PoolState } from '../machines/pool-state.ts';
import { numbersOf, termsOf } from './admission/limit-options.ts';
import { Explainer } from './explain.ts';
import type { Group, Task } from './live/live.ts';
import type { PoolOptions } from './options/pool-options.ts';
import { Parts } from './parts.ts';
import { type Journaling, type Keeping, keepingOf } from './persistence/journal.ts';
import type { SuspendOptions } from './persistence/suspend-options.ts';
import { SizeWaits } from './waits/size-waits.ts';

/** The default of the option `retain`. */
const DEFAULT_RETAIN = 10_000;

/** The state of a pool of another process, whose work is to be continued. */
export interface Recovery extends Keeping {
  readonly state: PoolState<Task, Group>;
  readonly journaling: Journaling;
  /** Continues the work: called once, after the pool was created. */
  begin(core: Core): Promise<void>;
}

export class Core extends Parts {
  readonly sizeWaits = new SizeWaits(this.conditions, () => this.numPending);
  /** Appended to the message of `PoolIsClosed`: what to do instead. */
  closedHint = '';
  readonly #maxQueued: number;

  constructor(kind: PoolKind, name: string, options: PoolOptions, recovery: Recovery | undefined) {
    const state = recovery?.state ?? new PoolState<Task, Group>(name);
    const retain = recovery?.state.retain ?? options.retain ?? DEFAULT_RETAIN;
    super(state, recovery ?? keepingOf(options), retain, options);
    this.#maxQueued = options.maxQueued ?? Number.POSITIVE_INFINITY;
    if (recovery === undefined) this.#create(kind, retain, options);
    if (state.limits !== undefined) this.admission.addLimits(state.limits);
    if (recovery === undefined) this.begin(options.signal);
  }

  /** Called when its initial state is complete: from now on the signal may close it. */
  begin(signal: AbortSignal | undefined): void {
    this.actors.materialiseIfEager();
    if (signal !== undefined && this.door.state.status !== 'closed') this.closing.closeWith(signal);
  }

  /** Records an event of the pool as a whole. */
  record(code: EventCode, fields: object = {}): void {
    this.door.record(code, undefined, 0, fields);
  }

  resize(size: number, reason?: string): void {
    this.checkNotClosed('a new size');
    if (size === this.door.state.poolSize) return;
    this.record(Code.poolResized, defined({ poolSize: limitToJson(size), reason }));
  }

  /** Changes a limit, or adds one. */
  changeLimit(limit: string, { concurrent, rate }: LimitNumbers): void {
    this.checkNotClosed('a new limit');
    const fields = { limit, concurrent, rate };
    this.record(Code.limitChanged, fields);
    this.admission.changeLimit(fields);
  }

  /** Explains why something does not run. */
  get explainer(): Explainer {
    return new Explainer(this.door, this.admission);
  }

  pause(): void {
    this.checkNotClosed('a pause');
    if (!this.door.state.paused) this.record(Code.poolPaused);
  }

  resume(): void {
    this.checkNotClosed('its tasks to start again');
    if (this.door.state.paused) this.record(Code.poolResumed);
  }

  lock(): void {
    if (this.door.state.status === 'open') this.record(Code.poolLocked);
  }

  unlock(): void {
    const { status } = this.door.state;
    if (status === 'locked') this.record(Code.poolUnlocked);
    else if (status !== 'open') this.#refuse(`expected a pool that can be unlocked`);
  }

  /**
   * Throws if the pool does not accept new work.
   *
   * @param takesRoom whether the call adds to the pending tasks.
   * @throws PoolIsClosed, PoolIsLocked, QueueFull
   */
  checkAccepts(takesRoom = true): void {
    const { status } = this.door.state;
    if (status === 'locked') {
      throw new PoolIsLocked(`expected an open pool for new tasks, got ${this}, which is locked`);
    }
    const { failure, suspension } = this.door.persister ?? {};
    if (suspension !== undefined) throw suspension;
    if (failure !== undefined) {
      throw new PoolIsLocked(
        `expected a working journal for new tasks, ${this}'s has failed`,
        failure,
      );
    }
    if (status !== 'open') this.#refuse(`expected an open pool for new tasks`);
    const { numPending } = this;
    if (!takesRoom || numPending < this.#maxQueued) return;
    throw new QueueFull(
      `expected fewer than maxQueued = ${this.#maxQueued} pending, got ${numPending}`,
    );
  }

  suspend(options: SuspendOptions): Promise<void> {
    this.checkNotClosed('a suspension');
    const { suspend } = this.journal ?? {};
    if (suspend === undefined) {
      throw new NotRecoverable(
        `expected a pool with functions and a store that outlives it, got ${this}: nothing could be recovered`,
      );
    }
    return suspend(options);
  }

  /** Everything that waits: planned items, submissions, queued and delayed tasks. */
  get numPending(): number {
    const { numUnmade, numQueued, numDelayed } = this.door.state;
    return numUnmade + numQueued + numDelayed + this.submissions.numWaiting;
  }

  /** The class and the name, such as `TaskPool-0`. */
  override toString(): string {
    return `${this.door.state.kind}-${this.door.state.name}`;
  }

  /** Records the first event. */
  #create(kind: PoolKind, retain: Retain, options: PoolOptions): void {
    const { poolSize = Number.POSITIVE_INFINITY, defaults } = options;
    const limits = options.limits === undefined ? undefined : { limits: numbersOf(options.limits) };
    termsOf(defaults?.limits, Object.keys(limits?.limits ?? {}));
    const numbers = { poolSize: limitToJson(poolSize), retain, ...limits };
    this.record(Code.poolCreated, { kind, ...numbers, uid: randomId() });
  }

  checkNotClosed(what: string): void {
    const { status } = this.door.state;
    if (status === 'closed') this.#refuse(`expected an open pool for ${what}`);
  }

  #refuse(expected: string): never {
    const { status } = this.door.state;
    throw new PoolIsClosed(`${expected}, got ${this}, which is ${status}${this.closedHint}`);
  }
}
