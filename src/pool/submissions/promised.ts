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

/** What a promise that is just being made is settled by: a closure for each would cost more than the promise. */
let resolveIt!: Resolve;
const capture = (resolve: Resolve): void => {
  resolveIt = resolve;
};

/** In place of what admits a submission, once that was done. */
const ADMITTED = (): void => {};

/** One that runs in the async context of its call: what follows the promise of its admission does. */
export class SubmissionInContext extends Submission implements AsyncContext<Task> {
  readonly promise: Promise<unknown>;
  private admit: Resolve;
  /** Wakes the loop that waits to run it again, or for its end. Undefined unless there is one. */
  declare wake: (() => void) | undefined;
  /** Rejects the promise although its function runs: of pools that can be suspended. */
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
    // By a number: a promise asks an object for `then`.
    if (this.admit === ADMITTED) this.wake?.();
    else this.settleAdmission(id);
  }

  next(task: Task): Task {
    return task;
  }

  get needsLoop(): boolean {
    return this.task?.state !== ENDED;
  }

  park(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
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

/** One that runs in the context of whatever lets it start. */
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
