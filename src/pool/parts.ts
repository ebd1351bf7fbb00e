/** Creates the parts of a pool, in the order of their dependencies. */

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
import { GivingIn } from './engine/cancellation.ts';
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
import { AnyContext } from './turn/async-context.ts';
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
  readonly runner: Runner;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly closing: Closing;
  readonly submissions: Submissions;
  /** Defined if the journal is a store. */
  readonly journal: PoolJournal | undefined;
  /** The store that its events are written to, unless that is the history in memory itself. */
  readonly store: EventStore | undefined;
  readonly calls: Calls;
  readonly admission: Admission;

  constructor(
    state: PoolState<Task, Group>,
    { history, store, journaling }: Keeping,
    retain: Retain,
    options: PoolOptions,
  ) {
    const logger = safeLogger(options.logger ?? console);
    this.logger = logger;

    // What is recorded, and what observes it.
    const door = new Door(state, history, new Turn(options.clock ?? platformClock));
    const calling = new Calling(state);
    const conditions = new Conditions();
    const stopwatch = new Stopwatch(door);
    const failures = new Failures(retain === 'all' || retain === 'errors');
    this.door = door;
    this.stopwatch = stopwatch;
    this.calling = calling;
    this.conditions = conditions;
    this.publisher = new Publisher(door, logger, calling, stopwatch);
    this.delivery = new Delivery(failures);
    const isEager = options.actors === 'eager' || options.inspect !== undefined;
    const inspection = { eager: isEager, inspect: options.inspect, logger };
    this.actors = new Actors(door, new Requests(this), inspection);

    // How one task is run.
    const callbacks = new Callbacks(door, logger, conditions, calling);
    const executor = new Executor(door, logger, options.around, calling);
    const attempts = new Attempts(door, calling, logger, stopwatch);
    const givingIn = new GivingIn(options.isCancellation, logger);
    const runner = new Runner(door, executor, callbacks, givingIn, attempts, stopwatch);
    this.callbacks = callbacks;
    this.executor = executor;
    this.attempts = attempts;
    this.runner = runner;

    // Which task runs next, and which are cancelled.
    const admission = new Admission(door, options.aging);
    const sources = new Sources(door, admission, runner, attempts, conditions, calling);
    const scheduler = new Scheduler(door, admission, runner, sources, conditions);
    const cancelling = new Cancelling(door, runner, scheduler, sources, calling);
    this.admission = admission;
    this.sources = sources;
    this.scheduler = scheduler;
    this.cancelling = cancelling;
    attempts.connect(runner, scheduler);
    runner.slots = new Handover({ door, admission, sources, conditions, scheduler, stopwatch });
    const onFailed = (group: Group, error: unknown) => {
      const { onError } = group.identity.kind;
      if (onError === 'stop') sources.exhaust(group);
      else if (onError === 'cancel') cancelling.group(group, error);
    };
    runner.onFailed = onFailed;
    sources.onFailed = onFailed;

    // What brings in work, and how the pool closes.
    const names = new GroupNames(state.groups);
    const anyContext = new AnyContext(runner);
    const { delivery } = this;
    const making = { door, names, admission, scheduler, sources, cancelling, runner, anyContext };
    const checkAccepts = () => this.checkAccepts();
    const calls = new Calls({ ...making, delivery, checkAccepts }, options);
    const gathered = { conditions, failures };
    const submissions = new Submissions({ ...making, ...gathered, calling, calls });
    this.calls = calls;
    this.submissions = submissions;
    this.closing = new Closing({ door, ...gathered, callbacks, cancelling, submissions });

    const { publisher, actors } = this;
    door.witnesses = [stopwatch, publisher, delivery, actors, admission, scheduler];
    door.watch(delivery, delivery.codes);
    door.watch(scheduler, scheduler.codes);

    this.store = store === (history as unknown) ? undefined : store;
    this.journal = store && journaling?.open(store, this, options);
    this.#keepJournal();
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

  /** Connects the journal, if it is a store, to the parts that record events and calls. */
  #keepJournal(): void {
    const { journal, stopwatch } = this;
    this.door.persister = journal?.persister;
    this.submissions.log = journal?.submissions;
    this.calls.journal = journal;
    if (journal === undefined) return;
    if (journal.persister !== undefined) stopwatch.want(this, true);
    stopwatch.kept = (value, maxBytes) => journal.kept(value, maxBytes);
  }
}
