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

/** The parts of a pool that submissions use. */
interface Parts extends MakingParts {
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly cancelling: Cancelling;
  readonly conditions: Conditions;
  readonly calling: Calling;
}

export class Submissions implements Line {
  /** How many wait to become tasks. */
  numWaiting = 0;
  readonly maker: SubmissionMaker;
  readonly keys: UniqueKeys;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.maker = new SubmissionMaker(parts, this);
    this.keys = new UniqueKeys(this);
  }

  /** The log of waiting calls, if the journal stores calls. */
  set log(log: SubmissionLog | undefined) {
    this.maker.log = log;
  }

  /**
   * Queues a call whose arguments were checked. Returns the promise of its outcome.
   *
   * @throws TaskGroupAlreadyExists, DuplicateTask, LimitNotFound, NotStorable, TypeError
   */
  submit(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Promise<unknown> {
    const { unique, onDuplicate, signal } = options;
    const present = unique === undefined ? undefined : this.keys.get(unique);
    if (present !== undefined && onDuplicate !== 'replace') {
      return this.#join(present, onDuplicate, signal);
    }
    const submission = this.maker.make(fn, args, options);
    if (unique === undefined) this.start(submission);
    else {
      // It ages from the call on, also while another one with its key is not over.
      this.#age(submission);
      this.keys.enter(unique, submission);
    }
    return submission.promise;
  }

  /** Joins an existing submission. Within its own function that would be a deadlock, if the promise is awaited. */
  #join(
    present: Submission,
    onDuplicate: SubmitOptions['onDuplicate'],
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { task } = present;
    try {
      if (task !== undefined && onDuplicate !== 'refuse') {
        this.#parts.calling.checkWaitForTask('submit() with the key', task);
      }
    } catch (error) {
      return refusal(error);
    }
    return this.keys.join(present, onDuplicate, signal);
  }

  /** Whether a call joins or is refused, since there is a submission with its key. */
  isDuplicate({ unique, onDuplicate }: SubmitOptions): boolean {
    return unique !== undefined && onDuplicate !== 'replace' && this.keys.get(unique) !== undefined;
  }

  /** Cancels a submission or its task; does nothing if it is over. */
  cancel(submission: Submission, reason: unknown): void {
    const { group, task } = submission;
    if (task !== undefined) this.#parts.cancelling.tasks([task], reason);
    else {
      const why = cancellation(reason);
      group.submissions.withdraw(submission, (each) => each.cancel(why.reason));
    }
  }

  /** Sets the priority of a waiting submission. */
  prioritise(submission: Submission, priority: number): void {
    const { group } = submission;
    group.submissions.prioritise(submission, () => {
      submission.priority = priority;
    });
    this.maker.log?.changed(submission);
    if (group.isOvertaken) this.#parts.scheduler.revisit(group);
  }

  /** Cancels a submission that another one replaces, which must be stored before. */
  replace(submission: Submission, reason: unknown): void {
    this.record();
    this.cancel(submission, reason);
  }

  /** Called when no more submissions will come: groups are exhausted when none of theirs waits. */
  finish(): void {
    for (const group of this.#groups()) this.#finish(group);
  }

  /** Ends the groups without waiting or running submissions, so that they can be forgotten. */
  release(): void {
    for (const group of this.#groups()) {
      const { submissions, ended, created } = group;
      if (submissions.numWaiting === 0 && ended === created) this.#finish(group);
    }
  }

  #finish(group: SubmissionGroup): void {
    group.submissions.finish();
    this.#exhaustIfSpent(group);
  }

  /** Queues a submission for a slot, unless it is over. */
  start(submission: Submission): void {
    const { group } = submission;
    if (!submission.isWaiting) return;
    // If others wait already, the group was already scheduled.
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
    this.#parts.conditions.notify();
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

  /** Sets since when it waits, unless it is set. */
  #age(submission: Submission): void {
    if (this.hasAging) submission.waitingSince ??= this.#parts.admission.priorities.now;
  }

  #exhaustIfSpent(group: GroupOfSubmissions): void {
    if (!group.submissions.isSpent) return;
    // Before the group is gone, since nothing can be recorded of it afterwards.
    this.record();
    this.#parts.sources.exhaust(group);
  }

  *#groups(): Generator<SubmissionGroup> {
    for (const group of this.#parts.door.state.groups) {
      if (group instanceof SubmissionGroup) yield group;
    }
  }
}
