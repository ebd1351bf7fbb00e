/** Puts the parts of a pool together, and holds the commands that concern the pool as a whole. */

import { NotRecoverable, PoolIsClosed, PoolIsLocked, PoolSuspended, QueueFull } from '../errors.ts';
import { Code, type EventCode } from '../event-codes.ts';
import type { LimitKey, LimitNumbers, PoolKind } from '../events.ts';
import { onAbort } from '../kit/on-abort.ts';
import type { GroupTerms } from '../machines/group-identity.ts';
import type { LimitRecords } from '../machines/limit-records.ts';
import { limitToJson } from '../machines/limits.ts';
import { PoolState } from '../machines/pool-state.ts';
import { Actors } from './actors/actors.ts';
import { type PoolCommands, Requests } from './actors/requests.ts';
import { Admission } from './admission/admission.ts';
import { numbersOf, refuseLimit, termsOf } from './admission/limit-options.ts';
import type { GroupLimits, Terms } from './admission/terms.ts';
import { Attempts } from './attempt/attempts.ts';
import { policyOf } from './attempt/policy.ts';
import { checkGroupOptions, checkPoolOptions } from './check-options.ts';
import { AnyContext, type AsyncContext, CallContext } from './engine/async-context.ts';
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
import { Group, type Task } from './engine/live.ts';
import { OnError } from './engine/on-error.ts';
import { Publisher } from './engine/publisher.ts';
import { Runner } from './engine/runner.ts';
import { Scheduler } from './engine/scheduler.ts';
import { Sources } from './engine/sources.ts';
import { Stopwatch } from './engine/stopwatch.ts';
import { Turn } from './engine/turn.ts';
import { Works } from './engine/work.ts';
import { Explainer } from './explain.ts';
import { AwaitedFeed } from './feeds/awaited-feed.ts';
import { ContextFeed } from './feeds/context-feed.ts';
import type { Feed } from './feeds/feed.ts';
import type { GroupRequest } from './feeds/group-request.ts';
import { GroupNames } from './group-names.ts';
import type {
  DefaultOptions,
  GroupOptions,
  KeepResults,
  PoolOptions,
  SuspendOptions,
} from './options.ts';
import {
  type Journaling,
  type Keeping,
  keepingOf,
  type PoolJournal,
} from './persistence/journal.ts';
import { Delivery } from './results/delivery.ts';
import { Failures } from './results/failures.ts';
import { AtTheEnd } from './results/results.ts';
import { safeLogger } from './safe-logger.ts';
import { Submissions } from './submissions/submissions.ts';

/** So many of the tasks that have ended are remembered, unless an option says otherwise. */
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
  readonly runner: Runner;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly closing: Closing;
  readonly submissions: Submissions;
  /** There if the journal is a store. */
  readonly journal: PoolJournal | undefined;
  readonly #admission: Admission;
  readonly #maxQueued: number;
  readonly #names: GroupNames;
  /** Options of every call; undefined if there are none. */
  readonly defaults: DefaultOptions | undefined;
  #suspended: Promise<void> | undefined = undefined;
  readonly #hasContexts: boolean;
  readonly #keepsResults: KeepResults;
  readonly #anyContext: AsyncContext<Task>;
  readonly #works = new Works();

  constructor(kind: PoolKind, name: string, options: PoolOptions, recovery: Recovery | undefined) {
    checkPoolOptions(options);
    const { poolSize = Number.POSITIVE_INFINITY, inspect } = options;
    const { history, store, journaling } = recovery ?? keepingOf(options);
    const retain = recovery?.state.retain ?? options.retain ?? DEFAULT_RETAIN;
    const logger = safeLogger(options.logger ?? console);
    this.#maxQueued = options.maxQueued ?? Number.POSITIVE_INFINITY;
    const state = recovery?.state ?? new PoolState<Task, Group>(name);
    this.#names = new GroupNames(state.groups);
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
    const executor = new Executor(state.name, logger, options.around, calling);
    const givingIn = new GivingIn(options.isCancellation, logger);
    this.attempts = new Attempts(door, calling, logger);
    const { attempts } = this;
    this.runner = new Runner(door, executor, callbacks, givingIn, attempts, stopwatch);
    this.defaults = options.defaults && Object.freeze({ ...options.defaults });
    this.#hasContexts = options.asyncContext ?? true;
    this.#keepsResults = options.keepResults ?? false;
    this.#anyContext = new AnyContext(this.runner);
    this.sources = new Sources(door, this.conditions);
    const { conditions, runner, sources } = this;
    this.#admission = new Admission(door, options.aging);
    this.scheduler = new Scheduler(door, this.#admission, runner, sources, conditions, attempts);
    attempts.connect(runner, this.scheduler);
    this.cancelling = new Cancelling(door, runner, this.scheduler, sources, calling);
    const { cancelling } = this;
    const onError = new OnError(sources, cancelling);
    runner.onFailed = (group, error) => onError.see(group, error);
    sources.onFailed = (group, error) => onError.see(group, error);
    this.submissions = new Submissions({
      door,
      admission: this.#admission,
      names: this.#names,
      scheduler: this.scheduler,
      sources,
      cancelling,
      conditions,
      runner,
      failures,
      anyContext: this.#anyContext,
      hasContexts: this.#hasContexts,
      keptBytes: (keep) => this.#keptBytes(keep),
    });
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
    door.persister = this.journal?.persister;
    this.submissions.log = this.journal?.submissions;
    stopwatch.isRunning = door.persister !== undefined;
    const { journal } = this;
    if (journal !== undefined) {
      stopwatch.keep = (value, maxBytes) => journal.keepable(value, maxBytes);
    }
    const limits = options.limits && { limits: numbersOf(options.limits) };
    if (recovery === undefined) {
      this.record(Code.poolCreated, { kind, poolSize: limitToJson(poolSize), retain, ...limits });
    }
    if (state.limits !== undefined) this.#keepLimits(state.limits);
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

  /**
   * What a limit allows.
   *
   * @throws LimitNotFound
   */
  limitNumbers(name: string): LimitNumbers {
    const { limits } = this.door.state;
    const record = limits?.get(name);
    if (record !== undefined) return record.numbers;
    return refuseLimit(name, limits?.names ?? []);
  }

  /** Sets limits that may be there already. */
  changeLimits(limits: Readonly<Record<string, LimitNumbers>>): void {
    for (const [name, numbers] of Object.entries(limits)) {
      const before = this.door.state.limits?.get(name)?.numbers;
      if (JSON.stringify(before) !== JSON.stringify(numbers)) this.changeLimit(name, numbers);
    }
  }

  /** Says why something does not run. */
  get explainer(): Explainer {
    return new Explainer(this.door, this.#admission);
  }

  /** Changes what a limit allows, or adds one. */
  changeLimit(name: string, { concurrent, rate }: LimitNumbers): void {
    this.#checkNotClosed('a new limit');
    const fields = { limit: name, concurrent, rate };
    this.record(Code.limitChanged, fields);
    if (this.#admission.limits !== undefined) this.#admission.limits.change(fields);
    else if (this.door.state.limits !== undefined) this.#keepLimits(this.door.state.limits);
  }

  /** Holds back the tasks with a key of a limit for some milliseconds. */
  pauseKey(name: string, key: LimitKey, ms: number): void {
    this.#checkNotClosed('a pause');
    this.limitNumbers(name);
    this.record(Code.limitPaused, { limit: name, key, until: this.door.turn.at + ms });
    this.#admission.limits?.pause(name, key, ms);
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

  /**
   * Makes a group.
   *
   * @throws what {@link checkAccepts} throws, TaskGroupAlreadyExists, TypeError, NotAFunction
   */
  makeGroup(given: GroupRequest): Group {
    checkGroupOptions(given.options);
    const request = this.#withDefaults(given);
    const { method, fn, spreads, numConcurrent, planned, options } = request;
    this.checkAccepts();
    const policy = policyOf(options);
    const work = this.#works.of(fn, spreads, options, policy);
    const terms = termsOf(options.limits, this.door.state.limits?.names ?? []);
    const stored = this.journal?.storeCall?.(request);
    const identity = this.#names.identify(options.groupName, {
      method,
      functionName: stored?.functionName ?? work.functionName,
      numConcurrent,
      planned,
      priority: options.priority ?? 0,
      storage: stored?.storage,
      policy: policy?.numbers,
      terms: statedTerms(options, terms),
      onError: options.onError === 'continue' ? undefined : options.onError,
      keepResults: this.#keptBytes(options.keepResults),
    });
    const group = new Group(identity, work, stored?.items);
    this.#limit(group, terms, options.lookahead);
    group.context = this.contextFor(group, options.asyncContext);
    group.feed = this.#feedOf(group, stored ?? request);
    this.sources.open(group, stored?.supplyEvents(group) ?? []);
    this.scheduler.add(group);
    if (options.signal !== undefined) this.cancelWith(options.signal, group);
    return group;
  }

  #withDefaults(request: GroupRequest): GroupRequest {
    const { defaults } = this;
    if (defaults === undefined) return request;
    return { ...request, options: { ...defaults, ...request.options } };
  }

  /** Up to how many bytes results are kept; undefined where they are not, or there is no store. */
  #keptBytes(keep: KeepResults = this.#keepsResults): number | null | undefined {
    if (keep === false || this.journal === undefined) return undefined;
    return keep === true ? null : limitToJson(keep.maxBytes);
  }

  /** All that is known to wait: planned items, submissions, tasks that are queued or delayed. */
  get numPending(): number {
    const { numUnmade, numQueued, numDelayed } = this.door.state;
    return numUnmade + numQueued + numDelayed + this.submissions.numWaiting;
  }

  /** Where the functions of a call are called: in the async context of who calls this. */
  contextFor(call: { readonly mayStartMore: boolean }, isOwn?: boolean): AsyncContext<Task> {
    return (isOwn ?? this.#hasContexts) ? new CallContext(this.runner, call) : this.#anyContext;
  }

  /**
   * Lets a group of another process keep to its limits; `limits` has the functions among its keys, and
   * limits that it did not have.
   */
  limitAgain(group: Group, limits: GroupLimits): void {
    const stated = group.identity.kind.terms;
    const keys = { ...limits };
    for (const [name, key] of Object.entries(stated?.limits ?? {}))
      keys[name] = key ?? limits[name];
    const terms = termsOf(keys, this.door.state.limits?.names ?? []);
    this.#limit(group, terms, stated?.lookahead);
  }

  /** Cancels what is left of a group when a signal is aborted. */
  cancelWith(signal: AbortSignal, group: Group): void {
    const cancel = () => this.cancelling.group(group, signal.reason);
    if (signal.aborted) cancel();
    else if (!group.isFinished) {
      this.delivery.addSink(group, new AtTheEnd(onAbort(signal, cancel)));
    }
  }

  schedule(): void {
    this.scheduler.schedule();
  }

  #feedOf(group: Group, { feed }: Pick<GroupRequest, 'feed'>): Feed {
    if (typeof feed !== 'function') return feed;
    const make = (onReady: () => void) => {
      const made = feed(group, onReady);
      return group.terms?.hasFunctions === true ? new AwaitedFeed(made, onReady) : made;
    };
    const onReady = () => this.scheduler.proceed(group);
    // What has a length is a collection, and to read it runs no code of the user's.
    const hasCode = group.identity.kind.planned === undefined;
    const hasContext = group.context !== this.#anyContext;
    return hasCode && hasContext ? new ContextFeed(make, onReady) : make(onReady);
  }

  #limit(group: Group, terms: Terms | undefined, lookahead: number | undefined): void {
    if (lookahead !== undefined) group.lookahead = Math.max(1, lookahead);
    if (terms === undefined) return;
    group.terms = terms;
    this.#admission.limit(group);
  }

  #keepLimits(records: LimitRecords): void {
    this.#admission.addLimits(records);
    this.door.watch(this.#admission, this.#admission.codes);
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

/** What the journal says of when the tasks of a group may start; undefined if that is nothing. */
function statedTerms(
  { lookahead }: GroupOptions,
  terms: Terms | undefined,
): GroupTerms | undefined {
  if (lookahead === undefined && terms === undefined) return undefined;
  return {
    ...(terms === undefined ? {} : { limits: terms.stated }),
    ...(lookahead === undefined || lookahead === Number.POSITIVE_INFINITY ? {} : { lookahead }),
  };
}
