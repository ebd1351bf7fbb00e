/** Puts the parts of a pool together, and holds the commands that concern the pool as a whole. */

import { PoolIsClosed, PoolIsLocked, QueueFull, TaskGroupAlreadyExists } from '../errors.ts';
import type { GroupMethod, PoolKind } from '../events.ts';
import type { EventStore } from '../journal/event-store.ts';
import { MemoryStore } from '../journal/memory-store.ts';
import { ACTIVE, Code, type EventCode, QUEUED } from '../machines/charts.ts';
import { limitFromJson, limitToJson } from '../machines/limits.ts';
import type { PoolChartEvent } from '../machines/pool-machine.ts';
import { GroupIdentity } from '../machines/records.ts';
import type { TaskEvent } from '../machines/task-machine.ts';
import { type ActorRequests, Actors } from './actors.ts';
import { cancellation } from './cancellation.ts';
import { checkGroupOptions, checkPoolOptions } from './check-options.ts';
import { Closing } from './closing.ts';
import { Delivery } from './delivery.ts';
import { Engine } from './engine.ts';
import { Failures } from './failures.ts';
import type { Feed } from './feed.ts';
import { Group } from './group.ts';
import { JournalWriter } from './journal-writer.ts';
import { onAbort } from './on-abort.ts';
import type { GroupOptions, Logger, PoolOptions } from './options.ts';
import { Publisher } from './publisher.ts';
import { Recorder } from './recorder.ts';
import { AtTheEnd } from './results.ts';
import { safeLogger } from './safe-logger.ts';
import type { Task } from './task.ts';
import { TaskGroup } from './task-group.ts';
import type { AnyFunction } from './task-types.ts';
import { workOf } from './work.ts';

/** What a method that makes a group asks for. */
export interface GroupRequest {
  readonly method: GroupMethod;
  readonly fn: AnyFunction;
  /** Whether an item is an array of arguments, and not one. */
  readonly spreads: boolean;
  /** `null`: as many as the pool has room for. */
  readonly numConcurrent: number | null;
  readonly planned: number | undefined;
  /** The source, or how to make one that calls back when an answer is ready. */
  readonly feed: Feed | ((onReady: () => void) => Feed);
  readonly options: GroupOptions;
}

export class Core implements ActorRequests {
  readonly recorder: Recorder;
  readonly engine: Engine;
  readonly actors: Actors;
  readonly closing: Closing;
  readonly #maxQueued: number;
  /** The number for the next group without a name. */
  #groupIndex = 0;

  constructor(kind: PoolKind, name: string, options: PoolOptions) {
    checkPoolOptions(options);
    const { poolSize = Number.POSITIVE_INFINITY, retain = 'all' } = options;
    const logger = safeLogger(options.logger ?? console);
    this.#maxQueued = options.maxQueued ?? Number.POSITIVE_INFINITY;
    const { journal } = options;
    this.recorder = new Recorder(name, memoryOf(journal), new Publisher(logger));
    const failures = new Failures(retain === 'all' || retain === 'errors');
    this.engine = new Engine(this.recorder, new Delivery(failures), logger);
    this.closing = new Closing(this.engine, (reason) => this.cancelAll(reason));
    const { inspect } = options;
    const eager = options.actors === 'eager' || inspect !== undefined;
    this.actors = new Actors(this.recorder, this, { eager, inspect, logger });
    this.recorder.actors = this.actors;
    if (isStore(journal) && journal !== this.recorder.journal) this.#writeTo(journal, logger);
    this.record(Code.poolCreated, { kind, poolSize: limitToJson(poolSize), retain });
    if (eager) this.actors.pool;
    if (options.signal !== undefined) this.closing.closeWith(options.signal);
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
    else if (status !== 'open') this.#refuse(`expected a pool that can be unlocked, got ${status}`);
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
    if (status !== 'open') this.#refuse(`expected an open pool for new tasks, got ${status}`);
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
    const group = new Group(
      this.#identify(options.groupName, method, work.functionName, numConcurrent, planned),
      work,
    );
    const { feed } = request;
    group.feed = typeof feed === 'function' ? feed(() => this.engine.onReady(group)) : feed;
    this.engine.addGroup(group);
    if (options.signal !== undefined) this.#cancelWith(options.signal, group);
    return new TaskGroup<R>(this.engine, group);
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

  #writeTo(store: EventStore, logger: Logger): void {
    const fail = (error: unknown) => {
      logger.error('the journal failed: no more tasks are started', error);
      this.engine.delivery.failures.keep(this.recorder, error);
      this.lock();
      this.engine.failSources(error);
      this.engine.scheduleTurn();
    };
    const { journal } = this.recorder;
    const proceed = () => this.engine.scheduleTurn();
    this.recorder.writer = new JournalWriter(journal, store, proceed, fail);
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

  /** @throws TaskGroupAlreadyExists */
  #identify(
    name: string | undefined,
    method: GroupMethod,
    functionName: string,
    numConcurrent: number | null,
    planned: number | undefined,
  ): GroupIdentity {
    const { groups } = this.recorder.state;
    if (name === undefined) {
      const number = this.#groupIndex++;
      const identity = new GroupIdentity(number, method, functionName, numConcurrent, planned);
      if (!groups.isChosen(identity)) return identity;
      return this.#identify(name, method, functionName, numConcurrent, planned);
    }
    if (groups.has(name)) {
      throw new TaskGroupAlreadyExists(`expected a group name not in use, got '${name}'`);
    }
    return new GroupIdentity(name, method, functionName, numConcurrent, planned);
  }

  get #name(): string {
    return `${this.recorder.state.kind}-${this.recorder.state.name}`;
  }

  #checkNotClosed(what: string): void {
    const { status } = this.recorder.state;
    if (status === 'closed') this.#refuse(`expected an open pool for ${what}, got ${status}`);
  }

  #refuse(message: string): never {
    throw new PoolIsClosed(`${message} (${this.#name})`);
  }
}

/** The events in memory: the store itself if it is one of ours, or what is kept besides a store. */
function memoryOf(journal: PoolOptions['journal']): MemoryStore {
  if (journal === undefined) return new MemoryStore();
  if (!isStore(journal)) return new MemoryStore(journal);
  if (!(journal instanceof MemoryStore)) return new MemoryStore();
  if (journal.nextSeq === 0) return journal;
  throw new TypeError(`expected an empty store, got one that holds ${journal.nextSeq} events`);
}

function isStore(journal: PoolOptions['journal']): journal is EventStore {
  return journal !== undefined && 'append' in journal;
}
