/** A pool, the program that uses it, and all facts about both. */

import { getEventListeners } from 'node:events';
import { SimulatedClock } from 'xstate';
import {
  type BasePool,
  type PoolEvent,
  type PoolSnapshot,
  type PoolTotals,
  type Retain,
  TaskPoolError,
} from 'xstate-taskpool';
import { type ActorMode, turn } from '../pools.ts';
import { type ActorWatch, watchActor } from './actor-watch.ts';
import { CallbackLog } from './callbacks.ts';
import type { Consumer } from './consumer.ts';
import type { Drain } from './drain.ts';
import type { GroupFacts, TaskFacts } from './facts.ts';
import { Gates, type Pauses } from './gates.ts';
import { Job } from './job.ts';
import { Line } from './line.ts';
import { Oracle } from './oracle.ts';
import type { GroupScript } from './scripts.ts';
import { SIGNALS } from './scripts.ts';
import type { Subscription } from './subscription.ts';
import type { Wait } from './wait.ts';

/** The options of a pool. */
export interface Settings {
  readonly poolSize: number;
  readonly retain: Retain;
  readonly maxQueued: number;
  /** Default: the mode of the run. */
  readonly actors?: ActorMode;
}

export class World {
  readonly pool: BasePool;
  /** The clock of the pool, which only moves when the program lets time pass. */
  readonly clock = new SimulatedClock();
  readonly settings: Settings;
  readonly oracle: Oracle;
  readonly line = new Line();
  readonly pauses: Pauses;
  readonly jobs: Job[] = [];
  readonly callbacks = new CallbackLog();
  /** The tasks that the program has cancelled, with their reasons. */
  readonly cancels = new Map<TaskFacts, { readonly reason: unknown }>();
  readonly consumers: Consumer[] = [];
  readonly drains: Drain[] = [];
  readonly waits: Wait[] = [];
  readonly subscriptions: Subscription[] = [];
  readonly actors = new Map<TaskFacts, ActorWatch>();
  /** The errors that consumers had received when the pool was last quiet. */
  readonly claimed = new Set<unknown>();
  /** The errors that `flush` and `gatherAndClose` have raised. */
  readonly raised: unknown[] = [];
  readonly poolController: AbortController;
  /** For the signals of groups. */
  readonly controllers = Array.from({ length: SIGNALS }, () => new AbortController());
  /** Every signal passed to the pool. */
  readonly signals: AbortSignal[];
  readonly gatherController = new AbortController();
  isGatherSignalGiven = false;
  /** What the first `gatherAndClose` returned. */
  gathering: Promise<unknown> | undefined = undefined;
  readonly snapshots: PoolSnapshot[] = [];
  /** Whether the program is only completing. */
  isEnding = false;
  /** Whether the actor of the pool was accessed. */
  isPoolWatched = false;
  /** The script of all groups of a simple pool. */
  simpleScript: GroupScript | undefined = undefined;
  /** Makes the pool run one more task that ends immediately. */
  applyOne: () => void = () => {};
  /** Whether nothing has happened since the pool was last quiet. */
  isQuiet = true;
  numStirs = 0;
  /** Whether a subscriber has meddled during the last call. */
  wasDisturbed = false;
  /** The totals when the pool was last quiet. */
  totals: PoolTotals = { created: 0, started: 0, fulfilled: 0, rejected: 0, cancelled: 0 };
  /** The steps and their effects, for the report of a failure. */
  readonly trace: string[] = [];
  readonly problems: string[] = [];
  #methods = 0;

  constructor(
    settings: Settings,
    pauses: Pauses,
    makePool: (world: World, signal: AbortSignal) => BasePool,
  ) {
    this.settings = settings;
    this.pauses = pauses;
    this.poolController = new AbortController();
    this.signals = [this.poolController, this.gatherController, ...this.controllers].map(
      ({ signal }) => signal,
    );
    this.pool = makePool(this, this.poolController.signal);
    this.oracle = new Oracle(this.pool.journal, this.pool.name, (event: PoolEvent) =>
      this.line.see(event, this.oracle),
    );
    this.oracle.catchUp();
  }

  /** The pauses that wait for a command. */
  get gates(): Gates | undefined {
    return this.pauses instanceof Gates ? this.pauses : undefined;
  }

  /** Reports a problem. */
  report(problem: string): void {
    this.problems.push(problem);
  }

  note(line: string): void {
    this.trace.push(line);
  }

  /**
   * Calls a method of the pool, which must throw an error with one of the expected codes, or nothing if that is
   * expected. Returns the result of the method.
   */
  call<T>(what: string, expected: readonly (string | undefined)[], method: () => T): T | undefined {
    const { nextSeq } = this.pool.journal;
    const { numStirs } = this;
    this.#methods++;
    let result: T | undefined;
    let code: string | undefined;
    try {
      result = method();
    } catch (error) {
      code = error instanceof TaskPoolError ? error.code : (error as Error).name;
    }
    this.#methods--;
    this.wasDisturbed = this.numStirs !== numStirs;
    this.oracle.catchUp();
    this.note(`  ${what} -> ${code ?? 'ok'} (seq ${this.oracle.seq})`);
    if (!expected.includes(code)) {
      this.report(`${what} threw ${code}, expected ${expected.map(String).join(' or ')}`);
    }
    if (code !== undefined && this.pool.journal.nextSeq !== nextSeq) {
      this.report(`${what} threw ${code} after it had changed something`);
    }
    return result;
  }

  /** Called when the pool calls user code: never from within a method. */
  enterUserCode(what: string): void {
    if (this.#methods > 0) this.report(`${what} runs during a call of the pool`);
    this.stir();
  }

  /** Called when the program continues by itself: known facts may be out of date. */
  stir(): void {
    this.isQuiet = false;
    this.numStirs++;
    this.oracle.catchUp();
  }

  /** The pool calls the function of the task that has just started. */
  callFunction(owner: Job | undefined, args: unknown[]): unknown {
    this.enterUserCode('a function');
    const task = this.#startedTask(owner, args);
    const job = task && this.jobOf(task.group);
    if (task === undefined || job === undefined || (owner !== undefined && owner !== job)) {
      this.report('a function is called for which no task has started');
      return undefined;
    }
    return job.call(task, args);
  }

  /** The task whose function is called: several may have started before the first call. */
  #startedTask(owner: Job | undefined, args: unknown[]): TaskFacts | undefined {
    const jobs = owner === undefined ? this.jobs : [owner];
    const started = jobs
      .flatMap(({ facts }) => facts.started.filter((task) => task.startedAt !== undefined))
      .filter((task) => this.jobOf(task.group)?.runOf(task)?.attempt !== task.attempt);
    const { id } = Object(args.at(-1)) as { id?: unknown };
    const byContext = started.find((task) => task.id === id);
    if (byContext !== undefined) return byContext;
    // A function that sees no context may see an item.
    const [first] = args as [{ token?: unknown }?];
    const { index } = Object(first?.token ?? first) as { index?: unknown };
    return started.find((task) => task.index === index) ?? started[0];
  }

  jobOf(group: GroupFacts): Job | undefined {
    return this.jobs.find((job) => job.facts === group);
  }

  addJob(script: GroupScript, shape: Job['shape']): Job {
    return new Job(this, this.jobs.length, script, shape);
  }

  /** Called with each call of a function: never more than were allowed when the task started. */
  checkRoom(job: Job, task: TaskFacts): void {
    const total = this.jobs.reduce((sum, { executing }) => sum + executing.length, 0);
    const none = { poolSize: 0, numConcurrent: 0 };
    const { poolSize, numConcurrent } = this.oracle.roomAtStart.get(task) ?? none;
    if (total > poolSize) this.report(`${total} functions execute in a pool of ${poolSize}`);
    if (job.executing.length > numConcurrent) {
      this.report(
        `${job.executing.length} functions of ${job.label} execute, not ${numConcurrent}`,
      );
    }
  }

  /** Checks the actor of a task, now and after every step. */
  look(task: TaskFacts): void {
    if (this.actors.has(task)) return;
    const expected = task.isRemembered ? undefined : 'TaskNotFound';
    const handle = this.call(`task(${task.id})`, [expected], () => this.pool.task(task.id));
    if (handle !== undefined) this.actors.set(task, watchActor(this, task, handle));
  }

  /** How many abort listeners a signal has. */
  listenersOf(signal: AbortSignal): number {
    return getEventListeners(signal, 'abort').length;
  }

  /** Waits until nothing happens by itself any more. */
  async settle(): Promise<void> {
    await turn();
    this.oracle.catchUp();
    this.isQuiet = true;
  }
}
