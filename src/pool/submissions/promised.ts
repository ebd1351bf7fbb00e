/** The two kinds of submissions, by the async context in which their functions are called. */

import { whenResolved } from '../../kit/promises.ts';
import { ENDED } from '../../machines/charts.ts';
import type { AsyncContext } from '../engine/async-context.ts';
import type { Task } from '../engine/live.ts';
import type { Work } from '../engine/work.ts';
import { type GroupOfSubmissions, Submission } from './submission.ts';

/** One that runs in the async context of its call: what follows the promise of its admission does. */
export class SubmissionInContext extends Submission implements AsyncContext<Task> {
  readonly promise: Promise<unknown>;
  private admit!: (admission: SubmissionInContext | Promise<never>) => void;
  /** Wakes the loop that waits to run it again, or for its end. Undefined before there is one. */
  declare wake: (() => void) | undefined;

  constructor(group: GroupOfSubmissions, index: number, work: Work, args: readonly unknown[]) {
    super(group, index, work, args);
    const admission = new Promise<SubmissionInContext>((resolve) => {
      this.admit = resolve;
    });
    this.promise = whenResolved(admission, loopOf);
  }

  run(): void {
    if (this.wake === undefined) {
      this.wake = NOBODY;
      this.admit(this);
    } else this.wake();
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
    if (outcome === 'fulfilled') return value;
    throw value;
  }

  protected reject(error: unknown): void {
    this.admit(Promise.reject(error));
  }

  protected settle({ value }: Task): void {
    if (this.wake === undefined) this.reject(value);
    else this.wake();
  }
}

/** What wakes a loop that is not parked. */
const NOBODY = (): void => {};

SubmissionInContext.prototype.wake = undefined;

function loopOf(submission: SubmissionInContext): Promise<unknown> {
  return submission.group.runner.loop(submission, submission.task);
}

/** One that runs in the context of whatever lets it start. */
export class SubmissionAnywhere extends Submission {
  readonly promise: Promise<unknown>;
  private readonly context: AsyncContext<Task>;
  private resolvePromise!: (value: unknown) => void;
  private rejectPromise!: (error: unknown) => void;

  constructor(
    group: GroupOfSubmissions,
    index: number,
    work: Work,
    args: readonly unknown[],
    context: AsyncContext<Task>,
  ) {
    super(group, index, work, args);
    this.context = context;
    this.promise = new Promise((resolve, reject) => {
      this.resolvePromise = resolve;
      this.rejectPromise = reject;
    });
  }

  run(task: Task): void {
    this.context.run(task);
  }

  protected reject(error: unknown): void {
    this.rejectPromise(error);
  }

  protected settle({ outcome, value }: Task): void {
    if (outcome === 'fulfilled') this.resolvePromise(value);
    else this.rejectPromise(value);
  }
}
