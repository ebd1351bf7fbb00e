/**
 * Creates the parts of a pool. Each gets all of them, and declares which it uses; in its constructor it may only use
 * those that were created before.
 */

import type { Retain } from '../events/events.ts';
import type { EventStore } from '../journal/event-store.ts';
import { GroupNames } from '../machines/group-names.ts';
import type { PoolState } from '../machines/pool-state.ts';
import { Actors } from './actors/actors.ts';
import { type PoolCommands, Requests } from './actors/requests.ts';
import { Admission } from './admission/admission.ts';
import { Attempts } from './attempt/attempts.ts';
import { Callbacks } from './calling/callbacks.ts';
import { Calling } from './calling/calling.ts';
import { Executor } from './calling/executor.ts';
import { Calls } from './calls.ts';
import { Door } from './door/door.ts';
import { AbortErrors } from './engine/cancellation.ts';
import { Cancelling } from './engine/cancelling.ts';
import { Closing } from './engine/closing.ts';
import { Handover } from './engine/handover.ts';
import { Runner } from './engine/runner.ts';
import { Scheduler } from './engine/scheduler.ts';
import { Sources } from './engine/sources.ts';
import type { Group, Task } from './live/live.ts';
import type { Logger, PoolOptions } from './options/pool-options.ts';
import type { JournaledPool, Keeping, PoolJournal } from './persistence/journal.ts';
import { Publisher } from './publishing/publisher.ts';
import { Stopwatch } from './publishing/stopwatch.ts';
import { Delivery } from './results/delivery.ts';
import { Failures } from './results/failures.ts';
import { safeLogger } from './safe-logger.ts';
import { Submissions } from './submissions/submissions.ts';
import { AnyContext, type AsyncContext } from './turn/async-context.ts';
import { platformClock } from './turn/clock.ts';
import { Turn } from './turn/turn.ts';
import { Conditions } from './waits/conditions.ts';

export abstract class Parts implements PoolCommands, JournaledPool {
  readonly door: Door;
  readonly logger: Logger;
  readonly stopwatch: Stopwatch;
  readonly publisher: Publisher;
  readonly delivery: Delivery;
  readonly actors: Actors;
  readonly calling: Calling;
  readonly conditions: Conditions;
  readonly callbacks: Callbacks;
  readonly attempts: Attempts;
  readonly executor: Executor;
  readonly abortErrors: AbortErrors;
  readonly runner: Runner;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly handover: Handover;
  readonly cancelling: Cancelling;
  readonly closing: Closing;
  readonly submissions: Submissions;
  /** Defined if the journal is a store. */
  readonly journal: PoolJournal | undefined;
  /** The store that its events are written to, unless that is the history in memory itself. */
  readonly store: EventStore | undefined;
  readonly calls: Calls;
  readonly admission: Admission;
  readonly names: GroupNames;
  /** For functions that may be called in any async context. */
  readonly anyContext: AsyncContext<Task>;

  constructor(
    state: PoolState<Task, Group>,
    { history, store, journaling }: Keeping,
    retain: Retain,
    options: PoolOptions,
  ) {
    this.logger = safeLogger(options.logger ?? console);

    // What is recorded, and what observes it.
    const door = new Door(state, history, new Turn(options.clock ?? platformClock));
    this.door = door;
    this.calling = new Calling(state);
    this.conditions = new Conditions();
    this.stopwatch = new Stopwatch(this);
    this.publisher = new Publisher(this);
    this.delivery = new Delivery(new Failures(retain === 'all' || retain === 'errors'));
    this.actors = new Actors(this, new Requests(this), options);

    // How one task is run.
    this.callbacks = new Callbacks(this);
    this.executor = new Executor(this, options.around);
    this.attempts = new Attempts(this);
    this.abortErrors = new AbortErrors(options.isCancellation, this.logger);
    this.runner = new Runner(this);

    // Which task runs next, and which are cancelled.
    this.admission = new Admission(door, options.aging);
    this.sources = new Sources(this);
    this.scheduler = new Scheduler(this);
    this.handover = new Handover(this);
    this.cancelling = new Cancelling(this);

    // What brings in work, and how the pool closes.
    this.names = new GroupNames(state.groups);
    this.anyContext = new AnyContext(this.runner);
    this.calls = new Calls(this, options);
    this.submissions = new Submissions(this);
    this.closing = new Closing(this);

    const { stopwatch, publisher, delivery, actors, admission, scheduler } = this;
    door.witnesses = [stopwatch, publisher, delivery, actors, admission, scheduler];
    door.watch(delivery, delivery.codes);
    door.watch(scheduler, scheduler.codes);

    this.store = store === (history as unknown) ? undefined : store;
    this.journal = store && journaling?.open(store, this, options);
    const { persister, submissions: log } = this.journal ?? {};
    door.persister = persister;
    this.submissions.log = log;
    if (persister !== undefined) stopwatch.want(this, true);
  }

  abstract lock(): void;
  abstract unlock(): void;
  abstract pause(): void;
  abstract resume(): void;
  abstract resize(size: number, reason?: string): void;
  /** Throws if the pool does not accept new work. */
  abstract checkAccepts(takesRoom?: boolean): void;
  /** @throws PoolIsClosed if the pool is closed; `what` is what it had to be open for. */
  abstract checkNotClosed(what: string): void;
}
