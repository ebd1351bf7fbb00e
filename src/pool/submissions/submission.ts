/**
 * One call of `submit`, from the call to its outcome. Its task is created when its group may start one more.
 *
 * A million may wait, so each is kept small: its arguments, its promise, and this object. Private names (`#name`)
 * would double its cost.
 */

import type { LimitKey } from '../../events/events.ts';
import { markHandled } from '../../kit/promises.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { Group, Task } from '../live/live.ts';
import type { Work } from '../live/work.ts';
import type { SubmissionFeed } from './submission-feed.ts';

/** The group of submissions. */
export type GroupOfSubmissions = Group & {
  /** Runs the started task with an id in the current async context. */
  readonly runAdmitted: (id: unknown) => Promise<unknown>;
  readonly submissions: SubmissionFeed<Submission>;
};

export abstract class Submission {
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
  abstract readonly promise: Promise<unknown>;
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
  ) {
    this.group = group;
    this.index = index;
    this.fn = fn;
    this.work = work;
    this.args = args;
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
  abstract run(task: Task): void;

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
    this.onOver =
      others === undefined
        ? run
        : () => {
            others();
            run();
          };
  }

  private markCancelled(): void {
    this.isCancelled = true;
    markHandled(this.promise);
  }

  private over(): void {
    this.args = undefined;
    this.onOver?.();
  }

  /**
   * Releases its ended task. For the garbage collector a submission that has waited is old, and would retain its
   * young task until the next full collection.
   */
  protected releaseTask(): void {
    this.task = undefined;
  }

  /** Rejects the promise of a submission that has not run. */
  protected abstract reject(error: unknown): void;
  /** Settles the promise with the outcome of the task. */
  protected abstract settle(task: Task): void;
}

// On the prototype, since hardly any submission has one of these.
Object.assign(Submission.prototype, {
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
