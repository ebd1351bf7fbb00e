/** `submit`: queues calls and tracks the waiting ones. */

import { refusal } from '../../kit/promises.ts';
import type { Calling } from '../calling/calling.ts';
import { cancellation } from '../engine/cancellation.ts';
import type { Cancelling } from '../engine/cancelling.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Sources } from '../engine/sources.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { SubmitOptions } from '../options/group-options.ts';
import type { Conditions } from '../waits/conditions.ts';
import { type MakingParts, SubmissionMaker } from './making.ts';
import type { GroupOfSubmissions, Submission } from './submission.ts';
import type { Line } from './submission-feed.ts';
import { SubmissionGroup } from './submission-group.ts';
import type { SubmissionLog } from './submission-log.ts';
import { UniqueKeys } from './unique-keys.ts';

/** The parts of a pool that submissions pass through. */
interface Parts extends MakingParts {
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly conditions: Conditions;
  readonly calling: Calling;
}

/** How many submissions are rejected in one step. */
const PART = 4_096;

export class Submissions implements Line {
  /** How many wait to become tasks. */
  numWaiting = 0;
  readonly maker: SubmissionMaker;
  readonly #parts: Parts;
  readonly #keys: UniqueKeys;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.maker = new SubmissionMaker(parts, this, (submission, reason) =>
      this.cancel(submission, reason),
    );
    this.#keys = new UniqueKeys({
      cancel: (submission, reason) => {
        // What replaces it is stored before.
        this.record();
        this.cancel(submission, reason);
      },
      start: (submission) => this.start(submission),
    });
  }

  /** Where the journal holds calls, it is notified of those that wait. */
  set log(log: SubmissionLog | undefined) {
    this.maker.log = log;
  }

  /**
   * Queues a call, of which everything was checked. Returns the promise of its outcome.
   *
   * @throws TaskGroupAlreadyExists, DuplicateTask, LimitNotFound, NotStorable, TypeError
   */
  submit(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Promise<unknown> {
    const { unique, onDuplicate, signal } = options;
    const present = unique === undefined ? undefined : this.#keys.get(unique);
    if (present !== undefined && onDuplicate !== 'replace') {
      return this.#join(present, onDuplicate, signal);
    }
    const submission = this.maker.make(fn, args, options);
    if (unique === undefined) this.start(submission);
    else {
      // It ages from the call on, also while another one with its key is not over.
      this.#age(submission);
      this.#keys.enter(unique, submission);
    }
    return submission.promise;
  }

  /** The function of a submission that joins it would wait for itself, if it awaits that at all. */
  #join(
    present: Submission,
    onDuplicate: SubmitOptions['onDuplicate'],
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { task } = present;
    if (task === undefined || onDuplicate === 'refuse') {
      return this.#keys.join(present, onDuplicate, signal);
    }
    try {
      this.#parts.calling.checkWaitForTask('submit() with the key', task);
    } catch (error) {
      return refusal(error);
    }
    return this.#keys.join(present, onDuplicate, signal);
  }

  /** Whether a call adds nothing, since there is one with its key. */
  isDuplicate({ unique, onDuplicate }: SubmitOptions): boolean {
    return (
      unique !== undefined && onDuplicate !== 'replace' && this.#keys.get(unique) !== undefined
    );
  }

  /** The submission that has a key; undefined if none has. */
  withKey(key: string): Submission | undefined {
    return this.#keys.get(key);
  }

  /** Lets a submission of another process have its key; gives the one that it replaces, if any. */
  restoreKey(key: string, submission: Submission): Submission | undefined {
    return this.#keys.claim(key, submission);
  }

  /** Cancels a submission, whatever became of it; nothing if it is over. */
  cancel(submission: Submission, reason: unknown): void {
    const { group, task } = submission;
    if (task !== undefined) this.#parts.cancelling.tasks([task], reason);
    else {
      const why = cancellation(reason);
      group.submissions.withdraw(submission, (each) => each.cancel(why.reason));
    }
  }

  /** Gives a submission that waits a priority of its own. */
  prioritise(submission: Submission, priority: number): void {
    const { group } = submission;
    group.submissions.prioritise(submission, () => {
      submission.priority = priority;
    });
    this.maker.log?.changed(submission);
    if (group.isOvertaken) this.#parts.scheduler.revisit(group);
  }

  /** Nothing is submitted any more: groups are exhausted when nothing of them waits. */
  finish(): void {
    for (const group of this.#groups()) {
      group.submissions.finish();
      this.#exhaustIfSpent(group);
    }
  }

  /** Ends the groups of which nothing waits or runs, so that they can be forgotten. */
  release(): void {
    for (const group of this.#groups()) {
      if (group.submissions.numWaiting > 0 || group.ended < group.created) continue;
      group.submissions.finish();
      this.#exhaustIfSpent(group);
    }
  }

  /**
   * Rejects all that wait, a part of them in each step: what a million rejections cost is gone again after
   * a part. The journal is to hold them as they are.
   */
  *abandon(reason: unknown): Generator<void> {
    this.log = undefined;
    for (const { submissions } of [...this.#groups()]) {
      while (submissions.numWaiting > 0) {
        submissions.drop(PART, reason);
        if (submissions.numWaiting > 0) yield;
      }
    }
  }

  /** Queues a submission for a slot, unless it is over. */
  start(submission: Submission): void {
    const { group } = submission;
    if (!submission.isWaiting) return;
    // While others wait, the group has got its turn, or waits for a slot itself.
    const isNews = group.submissions.isEmpty;
    if (submission.isHeld) {
      group.submissions.release(submission);
      this.maker.log?.changed(submission);
    } else group.submissions.push(submission);
    if (isNews || group.isOvertaken) this.#parts.scheduler.revisit(group);
  }

  withdrawn(submission: Submission): void {
    this.maker.log?.withdrawn(submission);
    this.#exhaustIfSpent(submission.group);
    this.#parts.conditions.poke();
  }

  scoreOf(submission: Submission): number {
    this.#age(submission);
    const { priority = submission.group.priority, waitingSince } = submission;
    return this.#parts.admission.priorities.score(priority, waitingSince);
  }

  get hasAging(): boolean {
    return this.#parts.admission.priorities.haveAging;
  }

  record(): void {
    this.maker.log?.flush();
  }

  store(submission: Submission): boolean {
    return this.maker.log?.store(submission) === true;
  }

  /** Resolves when all calls so far are recorded; undefined if they are. */
  recorded(): Promise<void> | undefined {
    return this.maker.log?.recorded();
  }

  /** It waits from now on, unless it does already. */
  #age(submission: Submission): void {
    if (this.hasAging) submission.waitingSince ??= this.#parts.admission.priorities.now;
  }

  #exhaustIfSpent(group: GroupOfSubmissions): void {
    if (!group.submissions.isSpent) return;
    // Nothing can be recorded of a group that is gone.
    this.record();
    this.#parts.sources.exhaust(group);
  }

  *#groups(): Generator<SubmissionGroup> {
    for (const group of this.#parts.door.state.groups) {
      if (group instanceof SubmissionGroup) yield group;
    }
  }
}
