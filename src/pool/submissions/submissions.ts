/** What `submit` does: it finds the group of a function, and lets the submission wait there. */

import { TaskGroupAlreadyExists } from '../../errors.ts';
import { onAbort } from '../../kit/on-abort.ts';
import type { Admission } from '../admission/admission.ts';
import { termsOf } from '../admission/limit-options.ts';
import { policyOf } from '../attempt/policy.ts';
import type { AsyncContext, Looping } from '../engine/async-context.ts';
import type { Cancelling } from '../engine/cancelling.ts';
import type { Conditions } from '../engine/conditions.ts';
import type { Door } from '../engine/door.ts';
import type { Group, Task } from '../engine/live.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Sources } from '../engine/sources.ts';
import { type Work, workOf } from '../engine/work.ts';
import type { GroupNames } from '../group-names.ts';
import type { SubmitOptions } from '../options.ts';
import type { AnyFunction } from '../task-types.ts';
import {
  OF_EACH,
  type Submission,
  SubmissionAnywhere,
  SubmissionGroup,
  SubmissionInContext,
} from './submission.ts';
import type { Line } from './submission-feed.ts';

/** The parts of a pool that submissions pass through. */
interface Parts {
  readonly door: Door;
  readonly admission: Admission;
  readonly names: GroupNames;
  readonly scheduler: Scheduler;
  readonly sources: Sources;
  readonly cancelling: Cancelling;
  readonly conditions: Conditions;
  readonly runner: Looping<Task>;
  /** For functions that may be called in any async context. */
  readonly anyContext: AsyncContext<Task>;
  /** Whether functions are called in the context of the call, where nothing else is said. */
  readonly hasContexts: boolean;
}

/** Without options, as most calls are. */
export const NO_OPTIONS: SubmitOptions = Object.freeze({});

export class Submissions implements Line {
  /** How many wait to become tasks. */
  numWaiting = 0;
  readonly #parts: Parts;
  /** By the name of the function: the groups whose name nobody chose. */
  readonly #unnamed = new Map<string, SubmissionGroup>();
  /** What was called last without options: the same is likely to be called again. */
  #last: Work | undefined = undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Lets a call wait, of which everything was checked.
   *
   * @throws TaskGroupAlreadyExists, LimitNotFound, TypeError
   */
  submit(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Submission {
    const { door, admission } = this.#parts;
    const terms = options.limits && termsOf(options.limits, door.state.limits?.names ?? [], false);
    const work = this.#workOf(fn, options);
    const group = this.#groupOf(work, options.groupName);
    const submission = this.#make(group, work, args, options.asyncContext);
    this.#rank(submission, options.priority);
    if (terms !== undefined) {
      submission.keys = terms.keysOf(undefined);
      admission.limit(group);
    }
    if (options.signal !== undefined && !this.#cancelWith(options.signal, submission)) {
      return submission;
    }
    // While others wait, the group has got its turn, or waits for a slot itself.
    if (group.submissions.numWaiting === 0) this.#parts.scheduler.revisit(group);
    group.submissions.push(submission);
    return submission;
  }

  /** Cancels a submission, whatever became of it; nothing if it has ended. */
  cancel(submission: Submission, reason: unknown): void {
    const { group, task } = submission;
    if (task !== undefined) this.#parts.cancelling.tasks([task], reason);
    else group.submissions.withdraw(submission, reason);
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

  withdrawn(submission: Submission): void {
    const { group } = submission;
    this.#exhaustIfSpent(group);
    this.#parts.conditions.poke();
  }

  /** Gives a submission its place among the others of its group. */
  #rank(submission: Submission, priority: number | undefined): void {
    const { priorities } = this.#parts.admission;
    const { now } = priorities;
    const score = priorities.score(priority ?? submission.group.priority, now);
    if (priority !== undefined) submission.priority = priority;
    if (now !== undefined) submission.waitingSince = now;
    if (score !== 0) submission.score = score;
  }

  #exhaustIfSpent(group: SubmissionGroup): void {
    if (group.submissions.isSpent) this.#parts.sources.exhaust(group);
  }

  *#groups(): Generator<SubmissionGroup> {
    for (const group of this.#parts.door.state.groups) {
      if (group instanceof SubmissionGroup) yield group;
    }
  }

  #make(
    group: SubmissionGroup,
    work: Work,
    args: readonly unknown[],
    isInContext = this.#parts.hasContexts,
  ): Submission {
    if (!isInContext) return new SubmissionAnywhere(group, work, args, this.#parts.anyContext);
    group.context = OF_EACH;
    return new SubmissionInContext(group, work, args);
  }

  #workOf(fn: AnyFunction, options: SubmitOptions): Work {
    if (options !== NO_OPTIONS) return workOf(fn, true, options, policyOf(options));
    if (this.#last?.fn !== fn) this.#last = workOf(fn, true, options, undefined);
    return this.#last;
  }

  #groupOf(work: Work, groupName: string | undefined): SubmissionGroup {
    if (groupName !== undefined) return this.#groupNamed(groupName, work);
    const { functionName } = work;
    const known = this.#unnamed.get(functionName);
    if (known?.source === 'open') return known;
    const group = this.#groupNamed(`submit-${functionName}`, work);
    this.#unnamed.set(functionName, group);
    return group;
  }

  #groupNamed(name: string, work: Work): SubmissionGroup {
    const { door, names, sources } = this.#parts;
    const known: Group | undefined = door.state.groups.get(name);
    if (known instanceof SubmissionGroup && known.source === 'open') return known;
    if (known !== undefined) {
      throw new TaskGroupAlreadyExists(
        `expected the name of a group of submissions, got '${name}' of ${known.identity.kind.method}`,
      );
    }
    const identity = names.identify(name, {
      method: 'submit',
      functionName: work.functionName,
      numConcurrent: null,
      planned: undefined,
      priority: 0,
      storage: undefined,
      policy: undefined,
      terms: undefined,
      onError: undefined,
    });
    const group = new SubmissionGroup(identity, work, undefined, this, this.#parts.runner);
    group.context = this.#parts.anyContext;
    sources.open(group, []);
    return group;
  }

  /** Cancels a submission when a signal is aborted; false if it is so already. */
  #cancelWith(signal: AbortSignal, submission: Submission): boolean {
    if (signal.aborted) submission.cancel(signal.reason);
    else {
      submission.onOver = onAbort(signal, () => this.cancel(submission, signal.reason));
    }
    return !signal.aborted;
  }
}
