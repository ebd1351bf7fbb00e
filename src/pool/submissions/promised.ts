/** The two kinds of submissions: with and without the async context of their call. */

import { whenResolved } from '../../kit/promises.ts';
import { ENDED } from '../../machines/charts.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { Task } from '../live/live.ts';
import type { Work } from '../live/work.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import { type GroupOfSubmissions, Submission } from './submission.ts';

/** Settles a promise. */
type Resolve = (value: unknown) => void;

/** The `resolve` of the promise that was created last: a closure for each would cost more than the promise. */
let resolveIt!: Resolve;
const capture = (resolve: Resolve): void => {
  resolveIt = resolve;
};

/** Replaces the function that admits a submission once it was called. */
const ADMITTED = (): void => {};

/**
 * A submission that runs in the async context of its call, which the reaction to the promise of its admission keeps.
 */
export class SubmissionInContext extends Submission implements AsyncContext<Task> {
  readonly promise: Promise<unknown>;
  private admit: Resolve;
  /** Wakes the loop that waits for its next attempt or its end. Undefined unless there is one. */
  declare wake: (() => void) | undefined;
  /** Rejects the promise while its function runs; defined in pools that can be suspended. */
  declare interrupt: ((error: unknown) => void) | undefined;

  constructor(
    group: GroupOfSubmissions,
    index: number,
    fn: AnyFunction,
    work: Work,
    args: readonly unknown[],
  ) {
    super(group, index, fn, work, args);
    const admission = new Promise<unknown>(capture);
    this.admit = resolveIt;
    this.promise = whenResolved(admission, group.runAdmitted);
  }

  run({ id }: Task): void {
    // Resolved with a number, since resolving with an object looks up `then`.
    if (this.admit === ADMITTED) this.wake?.();
    else this.settleAdmission(id);
  }

  next(task: Task): Task {
    return task;
  }

  get needsLoop(): boolean {
    return this.task?.state !== ENDED;
  }

  keep(): void {}

  park(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      // Its next attempt may have started before the loop was parked.
      if (this.task?.isAtWork === true) resolve();
    });
  }

  take(): Task | undefined {
    return this.needsLoop ? this.task : undefined;
  }

  result(): unknown {
    const { outcome, value } = this.task as Task;
    this.releaseTask();
    if (outcome === 'fulfilled') return value;
    throw value;
  }

  protected reject(error: unknown): void {
    if (this.admit === ADMITTED) this.interrupt?.(error);
    else this.settleAdmission(Promise.reject(error));
  }

  protected settle({ value }: Task): void {
    if (this.admit === ADMITTED) this.wake?.();
    else {
      this.releaseTask();
      this.reject(value);
    }
  }

  private settleAdmission(admission: unknown): void {
    const { admit } = this;
    this.admit = ADMITTED;
    admit(admission);
  }
}

SubmissionInContext.prototype.wake = undefined;

/** A submission that runs in any async context. */
export class SubmissionAnywhere extends Submission {
  readonly promise: Promise<unknown>;
  private readonly context: AsyncContext<Task>;
  private readonly resolvePromise: Resolve;

  constructor(
    group: GroupOfSubmissions,
    index: number,
    fn: AnyFunction,
    work: Work,
    args: readonly unknown[],
    context: AsyncContext<Task>,
  ) {
    super(group, index, fn, work, args);
    this.context = context;
    this.promise = new Promise(capture);
    this.resolvePromise = resolveIt;
    // It would retain the promise with its result.
    resolveIt = ADMITTED;
  }

  run(task: Task): void {
    this.context.run(task);
  }

  protected reject(error: unknown): void {
    this.resolvePromise(Promise.reject(error));
  }

  protected settle({ outcome, value }: Task): void {
    this.releaseTask();
    if (outcome === 'fulfilled') this.resolvePromise(value);
    else this.reject(value);
  }
}
