/**
 * Submissions while they live: each call of `submit`, the task that is made of it, and the group of
 * those of one name. A task exists from the moment on at which its group may start one more.
 */

import { type LineEntry, OrderedLine } from '../../kit/ordered-line.ts';
import { markHandled } from '../../kit/promises.ts';
import { ACTIVE, CANCELLING } from '../../machines/charts.ts';
import type { GroupIdentity } from '../../machines/records.ts';
import type { StoredItems } from '../../machines/stored-items.ts';
import type { AsyncContext } from '../engine/async-context.ts';
import { Group, Task } from '../engine/live.ts';
import type { Work } from '../engine/work.ts';
import { DONE, type Feed, PENDING } from '../feeds/feed.ts';
import type { Ended, ResultSink } from '../results/results.ts';

/** One call, from then on to its outcome. */
export class Submission implements LineEntry<Submission> {
  readonly group: SubmissionGroup;
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  readonly work: Work;
  readonly promise: Promise<unknown>;
  /** What the function is called with; released with the call. */
  args: readonly unknown[] | undefined;
  /** Where the function is called. */
  context!: AsyncContext<Task>;
  /** There once it was admitted. */
  task: SubmittedTask | undefined = undefined;
  /** Called once, with the outcome. */
  onSettled: (() => void) | undefined = undefined;
  score = 0;
  place = -1;
  previous: Submission | undefined = undefined;
  next: Submission | undefined = undefined;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(group: SubmissionGroup, index: number, work: Work, args: readonly unknown[]) {
    this.group = group;
    this.index = index;
    this.work = work;
    this.args = args;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Of equal priority, those that were submitted first come first. */
  get arrival(): number {
    return this.index;
  }

  /** Whether its function may be called once more. */
  get mayStartMore(): boolean {
    const state = this.task?.state;
    return state !== ACTIVE && state !== CANCELLING && this.args !== undefined;
  }

  /** Settles the promise with what the task has come to. */
  settle({ outcome }: Ended, value: unknown): void {
    if (outcome === 'fulfilled') {
      this.#resolve(value);
      this.#finish();
    } else if (outcome === 'cancelled') this.cancel(value);
    else this.fail(value);
  }

  /** Rejects the promise. That nobody awaits it is no mistake of anybody: it was cancelled. */
  cancel(reason: unknown): void {
    markHandled(this.promise);
    this.fail(reason);
  }

  /** Rejects the promise. */
  fail(error: unknown): void {
    this.#reject(error);
    this.#finish();
  }

  #finish(): void {
    this.args = undefined;
    this.onSettled?.();
  }
}

/** The task of a submission. */
export class SubmittedTask extends Task {
  readonly submission: Submission;

  constructor(id: number, group: SubmissionGroup, submission: Submission) {
    super(id, group, submission.index, submission.args);
    this.submission = submission;
    submission.task = this;
  }

  override get work(): Work {
    return this.submission.work;
  }
}

/** It lives as long as its pool, and counts as open only while something waits or runs. */
export class SubmissionGroup extends Group {
  readonly submissions: SubmissionFeed;
  /** How many submissions there were. */
  submitted = 0;

  constructor(identity: GroupIdentity, work: Work, stored: StoredItems | undefined, line: Line) {
    super(identity, work, stored);
    this.submissions = new SubmissionFeed(line);
    this.feed = this.submissions;
    this.sink = TO_PROMISES;
    this.context = OF_EACH;
  }

  override get isLasting(): boolean {
    return !this.submissions.isSpent;
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

/** All submissions of a pool that wait. */
export interface Line {
  numWaiting: number;
  /** A submission was withdrawn: it will never be a task. */
  withdrawn(submission: Submission): void;
}

/** What was submitted and is no task yet. */
export class SubmissionFeed implements Feed {
  readonly #line: Line;
  readonly #waiting = new OrderedLine<Submission>();
  #isClosing = false;

  constructor(line: Line) {
    this.#line = line;
  }

  get numWaiting(): number {
    return this.#waiting.length;
  }

  get isSpent(): boolean {
    return this.#isClosing && this.#waiting.length === 0;
  }

  push(submission: Submission): void {
    this.#line.numWaiting++;
    this.#waiting.push(submission);
  }

  next(): unknown {
    const next = this.#waiting.shift();
    if (next === undefined) return this.#isClosing ? DONE : PENDING;
    this.#line.numWaiting--;
    return next;
  }

  /** Takes out a submission, if it waits, and rejects its promise. */
  withdraw(submission: Submission, reason: unknown): boolean {
    if (submission.place === -1) return false;
    this.#line.numWaiting--;
    this.#waiting.remove(submission);
    submission.cancel(reason);
    this.#line.withdrawn(submission);
    return true;
  }

  /** No more will be submitted. */
  finish(): void {
    this.#isClosing = true;
  }

  /** Takes out all that wait. */
  close(reason: unknown): void {
    for (const submission of [...this.#waiting].sort((a, b) => a.index - b.index)) {
      this.withdraw(submission, reason);
    }
  }
}

/** Each is called in the context of its own call. */
const OF_EACH: AsyncContext<Task> = {
  run: (task) => (task as SubmittedTask).submission.context.run(task),
  needsLoop: false,
  park: () => Promise.resolve(),
  take: () => {
    throw new Error('expected the context of a submission');
  },
};

/** Results go to the promises of the submissions, and nowhere else. */
const TO_PROMISES: ResultSink = {
  add: (task, value) => {
    (task as SubmittedTask).submission.settle(task, value);
    return true;
  },
  fail: () => true,
  finish: () => {},
};
