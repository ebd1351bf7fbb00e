/**
 * Submissions while they live: each call of `submit`, the task that is made of it, and the group of
 * those of one name. A task exists from the moment on at which its group may start one more.
 *
 * A million may wait, so each is kept small: its arguments, its promise, and this.
 */

import type { LimitKey } from '../../events.ts';
import { markHandled, whenResolved } from '../../kit/promises.ts';
import { ENDED } from '../../machines/charts.ts';
import type { GroupIdentity } from '../../machines/records.ts';
import type { StoredItems } from '../../machines/stored-items.ts';
import type { AsyncContext, Looping } from '../engine/async-context.ts';
import { Group, Task } from '../engine/live.ts';
import type { Work } from '../engine/work.ts';
import type { ResultSink } from '../results/results.ts';
import { type Line, SubmissionFeed } from './submission-feed.ts';

/** One call, from then on to its outcome. */
export abstract class Submission {
  readonly group: SubmissionGroup;
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  readonly work: Work;
  /** What the function is called with; released when it is over. */
  args: readonly unknown[] | undefined;
  /** There once it was admitted. */
  task: SubmittedTask | undefined = undefined;
  /** Of what the call comes to. */
  abstract readonly promise: Promise<unknown>;
  /** Called once, when it is over. */
  declare onOver: (() => void) | undefined;
  /** Another one with this key is a duplicate until this one is over. */
  declare key: string | undefined;
  /** Whether it waits for another one with its key to be over. */
  declare isHeld: boolean;
  /** Its place in the order of the calls once it was held and released. */
  declare releasedAt: number | undefined;
  /** Whether it was cancelled: that nobody awaits its promise is no mistake of anybody then. */
  declare isCancelled: boolean;
  /** Its priority as the line counts it, and where it stands in there. */
  declare score: number;
  declare place: number;
  /** Its own priority; undefined for that of its group. */
  declare priority: number | undefined;
  /** Since when it waits, by the monotonic clock, where that matters. */
  declare waitingSince: number | undefined;
  /** By the names of limits: the keys that it needs. */
  declare keys: Readonly<Record<string, LimitKey>> | undefined;

  constructor(group: SubmissionGroup, work: Work, args: readonly unknown[]) {
    this.group = group;
    this.index = group.submitted++;
    this.work = work;
    this.args = args;
  }

  /** Of equal priority, those come first that wait longer: since their call, or since they may start. */
  get arrival(): number {
    return this.releasedAt ?? this.index;
  }

  /** Whether it is no task yet, and may become one. */
  get isWaiting(): boolean {
    return this.task === undefined && this.args !== undefined;
  }

  /** Calls the function of its task, which was started. */
  abstract run(task: Task): void;

  /** It was cancelled, and will never run. */
  cancel(reason: unknown): void {
    this.#markCancelled();
    this.fail(reason);
  }

  /** It will never run. */
  fail(error: unknown): void {
    this.over();
    this.reject(error);
  }

  /** Its task has ended. */
  ended(task: Task): void {
    this.over();
    if (task.outcome === 'cancelled') this.#markCancelled();
    this.settle(task);
  }

  #markCancelled(): void {
    this.isCancelled = true;
    markHandled(this.promise);
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

  protected over(): void {
    this.args = undefined;
    this.onOver?.();
  }

  /** Rejects the promise of a submission that has not run. */
  protected abstract reject(error: unknown): void;
  /** Settles the promise with what the task has come to. */
  protected abstract settle(task: Task): void;
}

// Hardly any submission has one of these, so that none is made larger by them.
Object.assign(Submission.prototype, {
  onOver: undefined,
  key: undefined,
  isHeld: false,
  releasedAt: undefined,
  isCancelled: false,
  score: 0,
  place: -1,
  priority: undefined,
  waitingSince: undefined,
  keys: undefined,
});

/** One that runs in the async context of its call: what follows the promise of its admission does. */
export class SubmissionInContext extends Submission implements AsyncContext<Task> {
  readonly promise: Promise<unknown>;
  #admit!: (admission: SubmissionInContext | Promise<never>) => void;
  /** Wakes the loop that waits to run it again, or for its end. */
  declare wake: (() => void) | undefined;

  constructor(group: SubmissionGroup, work: Work, args: readonly unknown[]) {
    super(group, work, args);
    const admission = new Promise<SubmissionInContext>((resolve) => {
      this.#admit = resolve;
    });
    this.promise = whenResolved(admission, loopOf);
  }

  run(): void {
    if (this.wake === undefined) this.#admit(this);
    else this.wake();
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
    this.#admit(Promise.reject(error));
  }

  protected settle({ startedAt, value }: Task): void {
    if (startedAt === undefined) this.reject(value);
    else this.wake?.();
  }
}

SubmissionInContext.prototype.wake = undefined;

function loopOf(submission: SubmissionInContext): Promise<unknown> {
  return submission.group.runner.loop(submission, submission.task);
}

/** One that runs in the context of whatever lets it start. */
export class SubmissionAnywhere extends Submission {
  readonly promise: Promise<unknown>;
  readonly #context: AsyncContext<Task>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(
    group: SubmissionGroup,
    work: Work,
    args: readonly unknown[],
    context: AsyncContext<Task>,
  ) {
    super(group, work, args);
    this.#context = context;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  run(task: Task): void {
    this.#context.run(task);
  }

  protected reject(error: unknown): void {
    this.#reject(error);
  }

  protected settle({ outcome, value }: Task): void {
    if (outcome === 'fulfilled') this.#resolve(value);
    else this.#reject(value);
  }
}

/** The task of a submission. */
export class SubmittedTask extends Task {
  readonly submission: Submission;

  constructor(id: number, group: SubmissionGroup, submission: Submission) {
    super(id, group, submission.index, submission.args);
    this.submission = submission;
    submission.task = this;
    const { priority, waitingSince } = submission;
    if (priority !== undefined) this.note({ priority });
    if (waitingSince !== undefined) this.waitingSince = waitingSince;
  }

  override get work(): Work {
    return this.submission.work;
  }
}

/** It lives as long as its pool, and counts as open only while something waits or runs. */
export class SubmissionGroup extends Group {
  readonly runner: Looping<Task>;
  readonly submissions: SubmissionFeed<Submission>;
  /** How many submissions there were. */
  submitted = 0;

  constructor(
    identity: GroupIdentity,
    work: Work,
    stored: StoredItems | undefined,
    line: Line,
    runner: Looping<Task>,
  ) {
    super(identity, work, stored);
    this.runner = runner;
    this.submissions = new SubmissionFeed(this, line);
    this.feed = this.submissions;
    this.sink = TO_PROMISES;
    // Those that wait for keys are made tasks, however many: they are in memory already.
    this.lookahead = Number.POSITIVE_INFINITY;
  }

  override get isLasting(): boolean {
    return !this.submissions.isSpent;
  }

  override get isOvertaken(): boolean {
    const { best } = this.submissions;
    return best !== undefined && this.head !== undefined && best > this.head.score;
  }

  override keysOf(submission: unknown): Readonly<Record<string, LimitKey>> | undefined {
    return (submission as Submission).keys;
  }

  override makeTask(id: number, submission: unknown): Task {
    return new SubmittedTask(id, this, submission as Submission);
  }
}

// A function of another call is no measure of how many arguments there may be.
Object.defineProperty(SubmissionGroup.prototype, 'hasSeenContext', {
  get: () => false,
  set: () => {},
});

/** Results go to the promises of the submissions, and nowhere else. */
const TO_PROMISES: ResultSink = {
  add: (task) => {
    (task as SubmittedTask).submission.ended(task as SubmittedTask);
    return true;
  },
  fail: () => true,
  finish: () => {},
};

/** Each task is called in the context of its own call. */
export const OF_EACH: Pick<AsyncContext<Task>, 'run'> = {
  run: (task) => (task as SubmittedTask).submission.run(task),
};
