/** The group of the submissions of one name, and their tasks. */

import type { Json, LimitKey } from '../../events/events.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import { Group, Task } from '../live/live.ts';
import type { Work } from '../live/work.ts';
import type { ResultSink } from '../results/results.ts';
import type { AsyncContext } from '../turn/async-context.ts';
import type { Submission } from './submission.ts';
import { type Line, SubmissionFeed } from './submission-feed.ts';

/** The task of a submission. */
export class SubmittedTask extends Task {
  /** Undefined while a journal is read, and for tasks that had ended before. */
  declare submission: Submission | undefined;

  override get fn(): AnyFunction {
    return (this.submission ?? this.group).fn;
  }

  override get work(): Work {
    return (this.submission ?? this.group).work;
  }

  /** Connects the task with its submission. */
  belongTo(submission: Submission): void {
    this.submission = submission;
    submission.task = this;
    const { waitingSince } = submission;
    if (waitingSince !== undefined) this.waitingSince = waitingSince;
  }
}

SubmittedTask.prototype.submission = undefined;

/** It lives as long as its pool, and counts as open only while submissions wait or run. */
export class SubmissionGroup extends Group {
  /** Both are set when it is added to a pool. */
  runAdmitted!: (id: unknown) => Promise<unknown>;
  submissions!: SubmissionFeed<Submission>;
  /** How many submissions there have been. */
  submitted = 0;

  /** Adds the group to a pool. */
  enter(line: Line, runAdmitted: (id: unknown) => Promise<unknown>): void {
    this.runAdmitted = runAdmitted;
    this.submissions = new SubmissionFeed(this, line);
    this.feed = this.submissions;
    this.sink = TO_PROMISES;
    // Any number of submissions may become tasks that wait for keys, since they are in memory anyway.
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

  override makeTask(id: number, item: unknown): Task {
    const submission = item as Submission;
    const { index, args, priority } = submission;
    const task = new SubmittedTask(id, this, index, this.stored?.copyOf(args as Json) ?? args);
    task.belongTo(submission);
    if (priority !== undefined) task.note({ priority });
    return task;
  }
}

// The calls of a group may have different functions, so tuples are not compared.
Object.defineProperty(SubmissionGroup.prototype, 'hasSeenContext', {
  get: () => false,
  set: () => {},
});

/** Results go to the promises of the submissions, and nowhere else. */
const TO_PROMISES: ResultSink = {
  add(task) {
    const { submission } = task as SubmittedTask;
    submission?.ended(task as SubmittedTask);
    // A task that has ended may be retained for long, without its call, what that captured, and its promise.
    (task as SubmittedTask).submission = undefined;
    return submission?.isAwaited === true;
  },
  fail: () => true,
  finish: () => {},
};

/** Each task is called in the context of its own call. */
export const OF_EACH: Pick<AsyncContext<Task>, 'run'> = {
  run: (task) => (task as SubmittedTask).submission?.run(task),
};
