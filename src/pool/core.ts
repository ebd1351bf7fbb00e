/** Puts the parts of a pool together, and holds the commands that concern the pool as a whole. */

import { NotRecoverable, PoolIsClosed, PoolIsLocked, PoolSuspended, QueueFull } from '../errors.ts';
import { Code, type EventCode } from '../events/event-codes.ts';
import type { PoolKind } from '../events/events.ts';
import type { EventStore } from '../journal/event-store.ts';
import { randomId } from '../kit/random-id.ts';
import { limitToJson } from '../machines/limits.ts';
import { PoolState } from '../machines/pool-state.ts';
import { Actors } from './actors/actors.ts';
import { type PoolCommands, Requests } from './actors/requests.ts';
import { Admission } from './admission/admission.ts';
import { numbersOf, termsOf } from './admission/limit-options.ts';
import { Attempts } from './attempt/attempts.ts';
import { Calls } from './calls.ts';
import { AnyContext } from './engine/async-context.ts';
import { Callbacks } from './engine/callbacks.ts';
import { Calling } from './engine/calling.ts';
import { GivingIn } from './engine/cancellation.ts';
import { Cancelling } from './engine/cancelling.ts';
import { platformClock } from './engine/clock.ts';
import { Closing } from './engine/closing.ts';
import { Conditions } from './engine/conditions.ts';
import { Door } from './engine/door.ts';
import { Executor } from './engine/executor.ts';
import { Journaled, type JournaledParts } from './engine/journaled.ts';
import type { Group, Task } from './engine/live.ts';
import { OnError } from './engine/on-error.ts';
import { Publisher } from './engine/publisher.ts';
import { Runner } from './engine/runner.ts';
import { Scheduler } from './engine/scheduler.ts';
import { Sources } from './engine/sources.ts';
import { Stopwatch } from './engine/stopwatch.ts';
import { Turn } from './engine/turn.ts';
import { Explainer } from './explain.ts';
import { GroupNames } from './group-names.ts';
import type { KeepResults } from './group-options.ts';
import { LimitCommands } from './limit-commands.ts';
import type { PoolOptions, SuspendOptions } from './options.ts';
import {
  type Journaling,
  type Keeping,
  keepingOf,
  type PoolJournal,
} from './persistence/journal.ts';
import { Delivery } from './results/delivery.ts';
import { Failures } from './results/failures.ts';
import { safeLogger } from './safe-logger.ts';
import { Submissions } from './submissions/submissions.ts';

/** How many of the tasks that have ended are remembered, unless an option says otherwise. */
const DEFAULT_RETAIN = 10_000;

/** A pool of another process, whose work is to be continued. */
export interface Recovery extends Keeping {
  readonly state: PoolState<Task, Group>;
  readonly journaling: Journaling;
  /** Continues: called once, as the last step of making the pool. */
  begin(core: Core): void;
}

export class Core implements PoolCommands, JournaledParts {
  readonly door: Door;
  readonly publisher: Publisher;
  readonly delivery: Delivery;
  readonly actors: Actors;
  readonly calling: Calling;
  readonly conditions = new Conditions();
  readonly callbacks: Callbacks;
  readonly attempts: Attempts;
  readonly executor: Executor;
  readonly runner: Runner;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly closing: Closing;
  readonly submissions: Submissions;
  /** There if the journal is a store. */
  readonly journal: PoolJournal | undefined;
  /** Where its events are written to, if they are kept in memory besides. */
  readonly store: EventStore | undefined;
  readonly calls: Calls;
  readonly limits: LimitCommands;
  readonly #admission: Admission;
  readonly #maxQueued: number;
  #suspended: Promise<void> | undefined = undefined;

  constructor(kind: PoolKind, name: string, options: PoolOptions, recovery: Recovery | undefined) {
    const { poolSize = Number.POSITIVE_INFINITY, inspect } = options;
    const { history, store, journaling } = recovery ?? keepingOf(options);
    const retain = recovery?.state.retain ?? options.retain ?? DEFAULT_RETAIN;
    const logger = safeLogger(options.logger ?? console);
    this.#maxQueued = options.maxQueued ?? Number.POSITIVE_INFINITY;
    const state = recovery?.state ?? new PoolState<Task, Group>(name);
    const names = new GroupNames(state.groups);
    const turn = new Turn(options.clock ?? platformClock);
    const door = new Door(state, history, turn);
    this.door = door;
    const calling = new Calling(state);
    this.calling = calling;
    const stopwatch = new Stopwatch(door);
    this.publisher = new Publisher(door, logger, calling, stopwatch);
    const failures = new Failures(retain === 'all' || retain === 'errors');
    this.delivery = new Delivery(failures);
    const eager = options.actors === 'eager' || inspect !== undefined;
    this.actors = new Actors(door, new Requests(this), { eager, inspect, logger });
    this.callbacks = new Callbacks(door, logger, this.conditions, calling);
    const { callbacks } = this;
    this.executor = new Executor(door, logger, options.around, calling);
    const givingIn = new GivingIn(options.isCancellation, logger);
    this.attempts = new Attempts(door, calling, logger, stopwatch);
    const { attempts } = this;
    this.runner = new Runner(door, this.executor, callbacks, givingIn, attempts, stopwatch);
    const anyContext = new AnyContext(this.runner);
    const { conditions, runner } = this;
    this.#admission = new Admission(door, options.aging);
    this.sources = new Sources(door, this.#admission, runner, attempts, conditions);
    const { sources } = this;
    this.limits = new LimitCommands(door, this.#admission, (what) => this.#checkNotClosed(what));
    this.scheduler = new Scheduler(door, this.#admission, runner, sources, conditions);
    attempts.connect(runner, this.scheduler);
    this.cancelling = new Cancelling(door, runner, this.scheduler, sources, calling);
    const { cancelling } = this;
    const onError = new OnError(sources, cancelling);
    runner.onFailed = (group, error) => onError.see(group, error);
    sources.onFailed = (group, error) => onError.see(group, error);
    const { scheduler, delivery } = this;
    const admission = this.#admission;
    const parts = { door, names, admission, scheduler, sources, cancelling, runner, anyContext };
    this.calls = new Calls(
      { ...parts, delivery, checkAccepts: () => this.checkAccepts() },
      options,
    );
    const { calls } = this;
    const { hasContexts } = calls;
    const keptBytes = (keep: KeepResults | undefined) => calls.keptBytes(keep);
    this.submissions = new Submissions({ ...parts, conditions, failures, hasContexts, keptBytes });
    const { submissions } = this;
    this.closing = new Closing({ door, conditions, callbacks, cancelling, failures, submissions });
    door.setWitnesses([
      stopwatch,
      this.publisher,
      this.delivery,
      this.actors,
      this.#admission,
      this.scheduler,
    ]);
    door.watch(this.delivery, this.delivery.codes);
    door.watch(this.scheduler, this.scheduler.codes);
    const journaled = new Journaled(this, logger);
    this.journal = store && journaling?.open(store, journaled, options);
    this.store = store === (history as unknown) ? undefined : store;
    door.persister = this.journal?.persister;
    this.submissions.log = this.journal?.submissions;
    calls.journal = this.journal;
    stopwatch.isRunning = door.persister !== undefined;
    const { journal } = this;
    if (journal !== undefined) {
      stopwatch.keep = (value, maxBytes) => journal.keepable(value, maxBytes);
    }
    const limits = options.limits === undefined ? undefined : { limits: numbersOf(options.limits) };
    if (recovery === undefined) {
      termsOf(options.defaults?.limits, Object.keys(limits?.limits ?? {}));
      const numbers = { poolSize: limitToJson(poolSize), retain, ...limits };
      this.record(Code.poolCreated, { kind, ...numbers, uid: randomId() });
    }
    if (state.limits !== undefined) this.limits.keep(state.limits);
    recovery?.begin(this);
    this.actors.materialiseIfEager();
    if (options.signal !== undefined && state.status !== 'closed') {
      this.closing.closeWith(options.signal);
    }
  }

  /** Records an event of the pool as a whole. */
  record(code: EventCode, fields: object = {}): void {
    this.door.record(code, undefined, 0, fields);
  }

  resize(size: number, reason?: string): void {
    this.#checkNotClosed('a new size');
    if (size === this.door.state.poolSize) return;
    const why = reason === undefined ? undefined : { reason };
    this.record(Code.poolResized, { poolSize: limitToJson(size), ...why });
  }

  /** Says why something does not run. */
  get explainer(): Explainer {
    return new Explainer(this.door, this.#admission);
  }

  pause(): void {
    this.#checkNotClosed('a pause');
    if (!this.door.state.paused) this.record(Code.poolPaused);
  }

  resume(): void {
    this.#checkNotClosed('its tasks to start again');
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
   * Throws what a call that brings new work would throw.
   *
   * @throws PoolIsClosed, PoolIsLocked, QueueFull
   */
  checkAccepts(): void {
    const { status } = this.door.state;
    if (status === 'locked') {
      throw new PoolIsLocked(
        `expected an open pool for new tasks, got ${this.#name}, which is locked`,
      );
    }
    const failure = this.door.persister?.failure;
    if (failure?.cause instanceof PoolSuspended) throw failure.cause;
    if (failure !== undefined) {
      throw new PoolIsLocked(
        `expected a working journal for new tasks, ${this.#name}'s has failed`,
        failure,
      );
    }
    if (status !== 'open') this.#refuse(`expected an open pool for new tasks`);
    const { numPending } = this;
    if (numPending < this.#maxQueued) return;
    throw new QueueFull(
      `expected fewer than maxQueued = ${this.#maxQueued} pending, got ${numPending}`,
    );
  }

  suspend({ grace = 0, signal, reason }: SuspendOptions): Promise<void> {
    this.#checkNotClosed('a suspension');
    const { journal } = this;
    if (journal?.suspend === undefined) {
      throw new NotRecoverable(
        `expected a pool with functions and a store that outlives it, got ${this.#name}: nothing could be recovered`,
      );
    }
    const cause = reason === undefined ? undefined : { cause: reason };
    const message = `${this.#name} was suspended: its work continues where it is recovered`;
    this.#suspended ??= journal.suspend(new PoolSuspended(message, cause), grace, signal);
    return this.#suspended;
  }

  /** All that is known to wait: planned items, submissions, tasks that are queued or delayed. */
  get numPending(): number {
    const { numUnmade, numQueued, numDelayed } = this.door.state;
    return numUnmade + numQueued + numDelayed + this.submissions.numWaiting;
  }

  schedule(): void {
    this.scheduler.schedule();
  }

  get #name(): string {
    return `${this.door.state.kind}-${this.door.state.name}`;
  }

  #checkNotClosed(what: string): void {
    const { status } = this.door.state;
    if (status === 'closed') this.#refuse(`expected an open pool for ${what}`);
  }

  #refuse(expected: string): never {
    throw new PoolIsClosed(`${expected}, got ${this.#name}, which is ${this.door.state.status}`);
  }
}
