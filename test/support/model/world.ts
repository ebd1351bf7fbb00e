/** A pool, the program that uses it, and all that is known of both. */

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

/** What a pool is made with. */
export interface Settings {
  readonly poolSize: number;
  readonly retain: Retain;
  readonly maxQueued: number;
  /** Default: the mode of the run. */
  readonly actors?: ActorMode;
}

export class World {
  readonly pool: BasePool;
  /** The time of the pool: it stands still but for where the program lets it go on. */
  readonly clock = new SimulatedClock();
  readonly settings: Settings;
  readonly oracle: Oracle;
  readonly line = new Line();
  readonly pauses: Pauses;
  readonly jobs: Job[] = [];
  readonly callbacks = new CallbackLog();
  /** The tasks that the program has cancelled, and with which reason. */
  readonly cancels = new Map<TaskFacts, { readonly reason: unknown }>();
  readonly consumers: Consumer[] = [];
  readonly drains: Drain[] = [];
  readonly waits: Wait[] = [];
  readonly subscriptions: Subscription[] = [];
  readonly actors = new Map<TaskFacts, ActorWatch>();
  /** The errors that consumers had got when all was quiet last. */
  readonly claimed = new Set<unknown>();
  /** The errors that `flush` and `gatherAndClose` have raised. */
  readonly raised: unknown[] = [];
  readonly poolController: AbortController;
  /** For the signals of groups. */
  readonly controllers = Array.from({ length: SIGNALS }, () => new AbortController());
  /** Every signal the pool was given. */
  readonly signals: AbortSignal[];
  readonly gatherController = new AbortController();
  isGatherSignalGiven = false;
  /** What the first `gatherAndClose` returned. */
  gathering: Promise<unknown> | undefined = undefined;
  readonly snapshots: PoolSnapshot[] = [];
  /** Whether the program only has to come to its end. */
  isEnding = false;
  /** Whether the actor of the pool has been looked at. */
  isPoolWatched = false;
  /** What a simple pool was made with: it is the script of all its groups. */
  simpleScript: GroupScript | undefined = undefined;
  /** Makes the pool run one more task that ends at once. */
  applyOne: () => void = () => {};
  /** Whether nothing has happened since the last time that all was quiet. */
  isQuiet = true;
  numStirs = 0;
  /** Whether a subscriber has meddled in the middle of the last call. */
  wasDisturbed = false;
  /** What they were when all was quiet last. */
  totals: PoolTotals = { created: 0, started: 0, fulfilled: 0, rejected: 0, cancelled: 0 };
  /** What was done and came of it, for the report of a failure. */
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

  /** What waits for a command to let it go on. */
  get gates(): Gates | undefined {
    return this.pauses instanceof Gates ? this.pauses : undefined;
  }

  /** Something is not as it should be. */
  report(problem: string): void {
    this.problems.push(problem);
  }

  note(line: string): void {
    this.trace.push(line);
  }

  /**
   * Calls a method of the pool, which has to throw an error with one of the expected codes, or
   * nothing where that is among what is expected. Returns what the method returned.
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

  /** The pool calls code of the program: never from within a method. */
  enterUserCode(what: string): void {
    if (this.#methods > 0) this.report(`${what} runs during a call of the pool`);
    this.stir();
  }

  /** The program goes on by itself: what is known of it may be out of date. */
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

  /** The task whose function is called: several may have started before the first is called. */
  #startedTask(owner: Job | undefined, args: unknown[]): TaskFacts | undefined {
    const jobs = owner === undefined ? this.jobs : [owner];
    const started = jobs
      .flatMap(({ facts }) => facts.started.filter((task) => task.startedAt !== undefined))
      .filter((task) => this.jobOf(task.group)?.runOf(task)?.attempt !== task.attempt);
    const { id } = Object(args.at(-1)) as { id?: unknown };
    const byContext = started.find((task) => task.id === id);
    if (byContext !== undefined) return byContext;
    // One that sees no context may see an item.
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

  /** A function was just called: never more of them than there was room for when it started. */
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

  /** Looks at the actor of a task, and at it again after every step from now on. */
  look(task: TaskFacts): void {
    if (this.actors.has(task)) return;
    const expected = task.isRemembered ? undefined : 'TaskNotFound';
    const handle = this.call(`task(${task.id})`, [expected], () => this.pool.task(task.id));
    if (handle !== undefined) this.actors.set(task, watchActor(this, task, handle));
  }

  /** How many listeners there are for a signal to abort. */
  listenersOf(signal: AbortSignal): number {
    return getEventListeners(signal, 'abort').length;
  }

  /** Waits until nothing is left that could go on by itself. */
  async settle(): Promise<void> {
    await turn();
    this.oracle.catchUp();
    this.isQuiet = true;
  }
}
