/**
 * One call of `submit`, from the call to its outcome. Its task is created when its group may start one more.
 *
 * A million may wait, so each is kept small: its arguments, its promise, and this object. Private names (`#name`)
 * would double its cost.
 */

import type { LimitKey } from '../../events/events.ts';
import { markHandled, whenResolved } from '../../kit/promises.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { Group, Task } from '../live/live.ts';
import type { Work } from '../live/work.ts';
import {
  type AsyncContext,
  CallContext,
  type Running,
  type SingleContext,
} from '../turn/async-context.ts';
import type { SubmissionFeed } from './submission-feed.ts';

/** The group of submissions. */
export type GroupOfSubmissions = Group & {
  /** Runs the started task with an id in the current async context. */
  readonly runAdmitted: (id: unknown) => Promise<unknown>;
  readonly submissions: SubmissionFeed<Submission>;
};

/** Settles a promise. */
type Resolve = (value: unknown) => void;

/** The `resolve` of the promise that was created last: a closure for each would cost more than the promise. */
let resolveIt!: Resolve;
const capture = (resolve: Resolve): void => {
  resolveIt = resolve;
};

/** Replaces a `resolve` that was called. */
const RESOLVED = (): void => {};

export class Submission implements SingleContext<Task> {
  readonly group: GroupOfSubmissions;
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  readonly fn: AnyFunction;
  readonly work: Work;
  /** What the function is called with; released when it is over. */
  args: readonly unknown[] | undefined;
  /** Defined from its admission to its end. */
  task: Task | undefined = undefined;
  /** The promise of the outcome. */
  readonly promise: Promise<unknown>;
  /** Resolves the promise of its admission or, if it has a context to run in, that of the outcome. */
  private resolve: Resolve;
  /**
   * Where its function is called. Undefined for the async context of the call, which the reaction to the promise of the
   * admission keeps; if its task is retried, that context from then on.
   */
  declare context: Pick<AsyncContext<Task>, 'run'> | undefined;
  /** Rejects the promise while its function runs; defined in pools that can be suspended. */
  declare interrupt: ((error: unknown) => void) | undefined;
  /** Called once, when it is over. */
  declare onOver: (() => void) | undefined;
  /** Its option `unique`: another submission with this key is a duplicate until this one is over. */
  declare key: string | undefined;
  /** Whether it waits for another one with its key to be over. */
  declare isHeld: boolean;
  /** Its place in the waiting line if it was held and released. */
  declare releasedAt: number | undefined;
  /** Whether it was cancelled: then it is no unhandled rejection if its promise is not awaited. */
  declare isCancelled: boolean;
  /** Whether a caller has its promise: not if the call was made in an earlier process. */
  declare isAwaited: boolean;
  /** Its own priority; undefined for that of its group. */
  declare priority: number | undefined;
  /** When it began to wait, by the monotonic clock, if it has a time limit or ages. */
  declare waitingSince: number | undefined;
  /** The keys that it needs, by the names of limits. */
  declare keys: Readonly<Record<string, LimitKey>> | undefined;

  constructor(
    group: GroupOfSubmissions,
    index: number,
    fn: AnyFunction,
    work: Work,
    args: readonly unknown[],
    context?: AsyncContext<Task>,
  ) {
    this.group = group;
    this.index = index;
    this.fn = fn;
    this.work = work;
    this.args = args;
    const promise = new Promise(capture);
    this.resolve = resolveIt;
    // It would retain the promise with its result.
    resolveIt = RESOLVED;
    if (context === undefined) this.promise = whenResolved(promise, group.runAdmitted);
    else {
      this.promise = promise;
      this.context = context;
    }
  }

  /** With equal priority, submissions that wait longer come first: since their call or their release. */
  get arrival(): number {
    return this.releasedAt ?? this.index;
  }

  /** Whether it is no task yet, and may become one. */
  get isWaiting(): boolean {
    return this.task === undefined && this.args !== undefined;
  }

  /** Calls the function of its task, which was started. */
  run(task: Task): void {
    if (this.context !== undefined) this.context.run(task);
    // Resolved with a number, since resolving with an object looks up `then`.
    else this.resolveWith(task.id);
  }

  /** Whether it is not over: its task may be run again. */
  get mayStartMore(): boolean {
    return this.args !== undefined;
  }

  outcome(task: Task, runner: Running<Task>): unknown {
    if (this.mayStartMore) return this.repeat(task, runner);
    if (task.outcome === 'fulfilled') return task.value;
    throw task.value;
  }

  /** Cancels it: it will never run. */
  cancel(reason: unknown): void {
    this.markCancelled();
    this.fail(reason);
  }

  /** Fails it: it will never run. */
  fail(error: unknown): void {
    this.over();
    this.reject(error);
  }

  /** Its task has ended. */
  ended(task: Task): void {
    this.over();
    if (task.outcome === 'cancelled') this.markCancelled();
    this.settle(task);
  }

  /** Has a function called when it is over. */
  whenOver(run: () => void): void {
    const others = this.onOver;
    this.onOver = () => {
      others?.();
      run();
    };
  }

  private markCancelled(): void {
    this.isCancelled = true;
    markHandled(this.promise);
  }

  /** For the garbage collector it is old if it has waited, and would retain its young task until the next full one. */
  private over(): void {
    this.task = undefined;
    this.args = undefined;
    this.onOver?.();
  }

  /** Runs further attempts in loops: a chain of promises would grow, since a task may be retried forever. */
  private repeat(task: Task, runner: Running<Task>): Promise<unknown> {
    const outcome = new Promise(capture);
    this.resolve = resolveIt;
    this.context = new CallContext(runner, this);
    // The next attempt may have started already.
    if (task.isAtWork) this.context.run(task);
    return outcome;
  }

  /** Settles the promise with the outcome of the task, unless the first attempt has ended it: see {@link outcome}. */
  private settle({ outcome, value }: Task): void {
    if (this.resolve === RESOLVED) return;
    if (outcome === 'fulfilled') this.resolveWith(value);
    else this.reject(value);
  }

  private reject(error: unknown): void {
    if (this.resolve === RESOLVED) this.interrupt?.(error);
    else this.resolveWith(Promise.reject(error));
  }

  private resolveWith(value: unknown): void {
    const { resolve } = this;
    this.resolve = RESOLVED;
    resolve(value);
  }
}

// On the prototype, since hardly any submission has one of these.
Object.assign(Submission.prototype, {
  context: undefined,
  interrupt: undefined,
  onOver: undefined,
  key: undefined,
  isHeld: false,
  releasedAt: undefined,
  isCancelled: false,
  isAwaited: true,
  priority: undefined,
  waitingSince: undefined,
  keys: undefined,
});
