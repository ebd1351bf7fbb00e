/** Puts the parts of a pool together, and holds the commands that concern the pool as a whole. */

import { PoolIsClosed, PoolIsLocked, QueueFull } from '../errors.ts';
import { Code, type EventCode } from '../event-table.ts';
import type { PoolKind } from '../events.ts';
import { nextTurn } from '../kit/jobs.ts';
import { onAbort } from '../kit/on-abort.ts';
import { Capture } from '../machines/capture.ts';
import { ACTIVE, QUEUED } from '../machines/charts.ts';
import { limitFromJson, limitToJson } from '../machines/limits.ts';
import type { PoolChartEvent } from '../machines/pool-machine.ts';
import { PoolState } from '../machines/pool-state.ts';
import type { TaskEvent } from '../machines/task-machine.ts';
import { type ActorRequests, Actors } from './actors/actors.ts';
import { checkGroupOptions, checkPoolOptions } from './check-options.ts';
import { cancellation } from './engine/cancellation.ts';
import { Closing } from './engine/closing.ts';
import { Engine } from './engine/engine.ts';
import { Group } from './engine/group.ts';
import type { Task } from './engine/task.ts';
import { workOf } from './engine/work.ts';
import type { Feed } from './feed.ts';
import { GroupNames } from './group-names.ts';
import type { GroupRequest } from './group-request.ts';
import type { PoolOptions } from './options.ts';
import { memoryOf, storeOf, writeTo } from './recording/journaling.ts';
import { Publisher } from './recording/publisher.ts';
import { Recorder } from './recording/recorder.ts';
import { Delivery } from './results/delivery.ts';
import { Failures } from './results/failures.ts';
import { AtTheEnd } from './results/results.ts';
import type { EarlierLife } from './resuming/earlier-life.ts';
import { Functions } from './resuming/functions.ts';
import { optionsOfGroup, type ResumeOptions } from './resuming/resume-options.ts';
import { bringBack, dropIncompleteCalls, settleInterrupted } from './resuming/resuming.ts';
import { storeCall } from './resuming/storing.ts';
import { safeLogger } from './safe-logger.ts';
import { TaskGroup } from './task-group.ts';

export class Core implements ActorRequests {
  readonly recorder: Recorder;
  readonly engine: Engine;
  readonly actors: Actors;
  readonly closing: Closing;
  /** There if the journal is to hold what it takes to go on in another process. */
  readonly #functions: Functions | undefined;
  readonly #maxQueued: number;
  readonly #names: GroupNames;

  /** @param life a pool of this kind that another process has left, if its work is to go on. */
  constructor(kind: PoolKind, name: string, options: PoolOptions, life: EarlierLife | undefined) {
    checkPoolOptions(options);
    const { poolSize = Number.POSITIVE_INFINITY, journal, functions, isCancellation } = options;
    const retain = life?.state.retain ?? options.retain ?? 'all';
    const logger = safeLogger(options.logger ?? console);
    this.#maxQueued = options.maxQueued ?? Number.POSITIVE_INFINITY;
    this.#functions = functions && new Functions(functions);
    const state = life?.state ?? new PoolState<Task, Group>(name);
    this.#names = new GroupNames(state.groups);
    this.recorder = new Recorder(state, life?.memory ?? memoryOf(options), new Publisher(logger));
    const failures = new Failures(retain === 'all' || retain === 'errors');
    this.engine = new Engine(this.recorder, new Delivery(failures), logger, isCancellation);
    this.closing = new Closing(this.engine, (reason) => this.cancelAll(reason));
    const { inspect } = options;
    const eager = options.actors === 'eager' || inspect !== undefined;
    this.actors = new Actors(this.recorder, this, { eager, inspect, logger });
    this.recorder.actors = this.actors;
    const store = storeOf(life?.store ?? journal);
    if (store !== undefined) writeTo(store, this, options.checkpoints, logger);
    if (life !== undefined) this.#goOn(life.options, eager);
    else this.record(Code.poolCreated, { kind, poolSize: limitToJson(poolSize), retain });
    if (eager) this.actors.pool;
    if (options.signal !== undefined && this.recorder.state.status !== 'closed') {
      this.closing.closeWith(options.signal);
    }
  }

  /** Records an event of the pool as a whole. */
  record(code: EventCode, fields: object = {}): void {
    this.recorder.tick();
    this.recorder.record(code, undefined, 0, fields);
  }

  resize(size: number): void {
    this.#checkNotClosed('a new size');
    if (size === this.recorder.state.poolSize) return;
    this.record(Code.poolResized, { poolSize: limitToJson(size) });
    this.engine.scheduleTurn();
  }

  lock(): void {
    if (this.recorder.state.status === 'open') this.record(Code.poolLocked);
  }

  unlock(): void {
    const { status } = this.recorder.state;
    if (status === 'locked') this.record(Code.poolUnlocked);
    else if (status !== 'open') this.#refuse(`expected a pool that can be unlocked`);
  }

  cancelAll(reason: unknown): void {
    this.recorder.tick();
    const why = cancellation(reason);
    const { groups } = this.recorder.state;
    for (const group of groups) {
      // Cancelling one may make the pool forget another.
      if (groups.get(group.name) === group) this.engine.cancelGroup(group, why);
    }
  }

  /**
   * Throws what a call that brings new work would throw.
   *
   * @throws PoolIsClosed, PoolIsLocked, QueueFull
   */
  checkAccepts(): void {
    const { status } = this.recorder.state;
    if (status === 'locked') {
      throw new PoolIsLocked(
        `expected an open pool for new tasks, got ${this.#name}, which is locked`,
      );
    }
    const failure = this.recorder.writer?.failure;
    if (failure !== undefined) {
      throw new PoolIsLocked(
        `expected a working journal for new tasks, ${this.#name}'s has failed`,
        failure,
      );
    }
    if (status !== 'open') this.#refuse(`expected an open pool for new tasks`);
    const waiting = this.engine.numWaiting;
    if (waiting < this.#maxQueued) return;
    throw new QueueFull(
      `expected fewer than maxQueued = ${this.#maxQueued} waiting, got ${waiting}`,
    );
  }

  /**
   * Makes a group.
   *
   * @throws what {@link checkAccepts} throws, TaskGroupAlreadyExists, TypeError, NotAFunction
   */
  makeGroup<R>(request: GroupRequest): TaskGroup<R> {
    const { method, fn, spreads, numConcurrent, planned, options } = request;
    checkGroupOptions(options);
    this.checkAccepts();
    const work = workOf(fn, spreads, options);
    const stored = this.#functions && storeCall(this.#functions, request);
    const identity = this.#names.identify(options.groupName, {
      method,
      functionName: stored?.functionName ?? work.functionName,
      numConcurrent,
      planned,
      storage: stored?.storage,
    });
    const group = new Group(identity, work);
    group.feed = this.#feedOf(group, stored ?? request);
    this.engine.addGroup(group, stored?.supply);
    if (options.signal !== undefined) this.#cancelWith(options.signal, group);
    return new TaskGroup<R>(this.engine, group);
  }

  /** Begins to take down the state as of the last event, to go on from. Whoever begins ends it. */
  capture(): Capture {
    return new Capture(this.recorder.state);
  }

  ofTask(task: Task, event: TaskEvent): void {
    this.recorder.tick();
    if (event.type === 'task.cancelling' && task.state === ACTIVE) {
      this.engine.cancel(task, cancellation(event.reason));
    } else if (event.type === 'task.cancelled' && task.state === QUEUED) {
      this.engine.cancel(task, cancellation(undefined));
    } else if (event.type === 'task.progressed') {
      this.engine.report(task, event.progress);
    }
  }

  ofPool(event: PoolChartEvent): void {
    const { status } = this.recorder.state;
    if (event.type === 'pool.locked') this.lock();
    else if (event.type === 'pool.unlocked' && status === 'locked') this.unlock();
    else if (event.type === 'pool.closing' && status !== 'closing') void this.closing.begin();
    else if (event.type === 'pool.resized' && event.poolSize !== undefined) {
      const size = limitFromJson(event.poolSize);
      if (size >= 0 && (Number.isInteger(size) || size === Number.POSITIVE_INFINITY))
        this.resize(size);
    }
  }

  stopped(): void {
    this.cancelAll(undefined);
    void this.closing.begin();
  }

  #feedOf(group: Group, { feed }: Pick<GroupRequest, 'feed'>): Feed {
    return typeof feed === 'function' ? feed(group, () => this.engine.onReady(group)) : feed;
  }

  /** Goes on where another process has stopped. */
  #goOn(options: ResumeOptions, eager: boolean): void {
    const { engine, recorder } = this;
    const { state } = recorder;
    bringBack(engine, options);
    this.closing.goOn();
    if (state.status === 'closed') return;
    const release = engine.holdTurn();
    if (eager) this.actors.materialiseAll();
    this.record(Code.poolResumed);
    if (options.poolSize !== undefined) this.resize(options.poolSize);
    dropIncompleteCalls(engine, options);
    settleInterrupted(engine, options);
    for (const group of state.groups) {
      const { signal } = optionsOfGroup(options, group.name);
      if (signal !== undefined) this.#cancelWith(signal, group);
    }
    for (const group of state.groups) if (!group.isDone) engine.takeBack(group);
    // In a later turn of the event loop: who gets the pool can subscribe before anything runs.
    void nextTurn().then(release);
  }

  #cancelWith(signal: AbortSignal, group: Group): void {
    const cancel = () => {
      this.recorder.tick();
      if (!group.isDone && group.source !== 'cancelled')
        this.engine.cancelGroup(group, cancellation(signal.reason));
    };
    if (signal.aborted) cancel();
    else if (!group.isFinished) {
      this.engine.delivery.addSink(group, new AtTheEnd(onAbort(signal, cancel)));
    }
  }

  get #name(): string {
    return `${this.recorder.state.kind}-${this.recorder.state.name}`;
  }

  #checkNotClosed(what: string): void {
    const { status } = this.recorder.state;
    if (status === 'closed') this.#refuse(`expected an open pool for ${what}`);
  }

  #refuse(expected: string): never {
    throw new PoolIsClosed(
      `${expected}, got ${this.#name}, which is ${this.recorder.state.status}`,
    );
  }
}
