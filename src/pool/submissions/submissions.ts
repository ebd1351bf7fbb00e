/** What `submit` does: it finds the group of a function, and lets the submission wait there. */

import { NotStorable, TaskGroupAlreadyExists } from '../../errors.ts';
import { onAbort } from '../../kit/on-abort.ts';
import type { Admission } from '../admission/admission.ts';
import { termsOf } from '../admission/limit-options.ts';
import { reached } from '../attempt/errors.ts';
import { policyOf } from '../attempt/policy.ts';
import type { AsyncContext, Looping } from '../engine/async-context.ts';
import type { Cancelling } from '../engine/cancelling.ts';
import type { Conditions } from '../engine/conditions.ts';
import type { Door } from '../engine/door.ts';
import type { Group, Task } from '../engine/live.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Sources } from '../engine/sources.ts';
import { type Work, workOf } from '../engine/work.ts';
import { RepeatFeed } from '../feeds/feed.ts';
import type { GroupRequest } from '../feeds/group-request.ts';
import type { GroupNames } from '../group-names.ts';
import type { SubmitOptions } from '../options.ts';
import type { Delivery } from '../results/delivery.ts';
import type { AnyFunction } from '../task-types.ts';
import { Outcome } from './outcome.ts';
import {
  OF_EACH,
  type Submission,
  SubmissionAnywhere,
  SubmissionGroup,
  SubmissionInContext,
} from './submission.ts';
import type { Line } from './submission-feed.ts';
import { UniqueKeys } from './unique-keys.ts';

/** The parts of a pool that submissions pass through. */
interface Parts {
  readonly door: Door;
  readonly names: GroupNames;
  readonly admission: Admission;
  readonly scheduler: Scheduler;
  readonly sources: Sources;
  readonly cancelling: Cancelling;
  readonly conditions: Conditions;
  readonly delivery: Delivery;
  readonly runner: Looping<Task>;
  /** Whether the journal holds calls, for another process to continue. */
  readonly holdsCalls: boolean;
  /** Up to how many bytes results are kept in the journal; undefined where they are not. */
  keptBytes(): number | null | undefined;
  makeGroup(request: GroupRequest): Group;
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
  readonly #keys: UniqueKeys;
  /** By the name of the function: the groups whose name nobody chose. */
  readonly #unnamed = new Map<string, SubmissionGroup>();
  /** How many groups of one submission have a chosen name. */
  #named = 0;
  /** What was called last without options: the same is likely to be called again. */
  #last: Work | undefined = undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#keys = new UniqueKeys({
      cancel: (submission, reason) => this.cancel(submission, reason),
      start: (submission) => this.#start(submission),
    });
  }

  /**
   * Lets a call wait, of which everything was checked. Gives the promise of what it comes to.
   *
   * @throws TaskGroupAlreadyExists, DuplicateTask, LimitNotFound, TypeError
   */
  submit(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Promise<unknown> {
    if (this.#parts.holdsCalls) return this.#store(fn, args, options);
    const { unique, onDuplicate, signal } = options;
    const present = unique === undefined ? undefined : this.#keys.get(unique);
    if (present !== undefined && onDuplicate !== 'replace') {
      return this.#keys.join(present, onDuplicate, signal);
    }
    const submission = this.#make(fn, args, options);
    if (unique === undefined) this.#start(submission);
    else this.#keys.enter(unique, submission);
    return submission.promise;
  }

  /**
   * A call that the journal is to hold is a group of its own: so what waits is stored with it, and a pool
   * that was recovered runs it.
   */
  #store(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Promise<unknown> {
    const { unique, onDuplicate: _, groupName, ...others } = options;
    if (unique !== undefined) {
      throw new NotStorable(
        `expected no unique key in a pool with functions, whose journal does not hold any, got '${unique}'`,
      );
    }
    const outcome = new Outcome();
    const group = this.#parts.makeGroup({
      method: 'apply',
      fn,
      spreads: true,
      numConcurrent: null,
      planned: 1,
      given: args,
      feed: new RepeatFeed(args, 1),
      options:
        groupName === undefined ? others : { ...others, groupName: this.#nextName(groupName) },
    });
    this.#parts.delivery.addSink(group, outcome);
    return outcome.promise;
  }

  #nextName(groupName: string): string {
    const { groups } = this.#parts.door.state;
    let name = `${groupName}-${this.#named++}`;
    while (groups.has(name)) name = `${groupName}-${this.#named++}`;
    return name;
  }

  /** The submission that has a key; undefined if none has. */
  withKey(key: string): Submission | undefined {
    return this.#keys.get(key);
  }

  /** Cancels a submission, whatever became of it; nothing if it is over. */
  cancel(submission: Submission, reason: unknown): void {
    const { group, task } = submission;
    if (task !== undefined) this.#parts.cancelling.tasks([task], reason);
    else group.submissions.withdraw(submission, (each) => each.cancel(reason));
  }

  /** Gives a submission that waits a priority of its own. */
  prioritise(submission: Submission, priority: number): void {
    const { group } = submission;
    group.submissions.reorder(submission, () => {
      submission.priority = priority;
    });
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

  withdrawn({ group }: Submission): void {
    this.#exhaustIfSpent(group);
    this.#parts.conditions.poke();
  }

  rank(submission: Submission): void {
    const { priorities } = this.#parts.admission;
    const { now } = priorities;
    if (now !== undefined) submission.waitingSince ??= now;
    const priority = submission.priority ?? submission.group.priority;
    submission.score = priorities.score(priority, submission.waitingSince);
  }

  get hasAging(): boolean {
    return this.#parts.admission.priorities.now !== undefined;
  }

  /** Lets a submission wait for a slot. */
  #start(submission: Submission): void {
    const { group } = submission;
    if (!submission.isWaiting) return;
    // While others wait, the group has got its turn, or waits for a slot itself.
    const isNews = group.submissions.isEmpty;
    if (submission.isHeld) group.submissions.release(submission);
    else group.submissions.push(submission);
    if (isNews || group.isOvertaken) this.#parts.scheduler.revisit(group);
  }

  #make(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Submission {
    const { hasContexts, anyContext, admission, door } = this.#parts;
    const terms = options.limits && termsOf(options.limits, door.state.limits?.names ?? [], false);
    const work = this.#workOf(fn, options);
    const group = this.#groupOf(work, options.groupName);
    let submission: Submission;
    if (options.asyncContext ?? hasContexts) {
      group.context = OF_EACH;
      submission = new SubmissionInContext(group, work, args);
    } else submission = new SubmissionAnywhere(group, work, args, anyContext);
    if (options === NO_OPTIONS) return submission;
    const { priority, signal } = options;
    if (priority !== undefined) submission.priority = priority;
    if (terms !== undefined) {
      submission.keys = terms.keysOf(undefined);
      admission.limit(group);
    }
    if (work.policy !== undefined) this.#limitWait(submission);
    if (signal !== undefined) this.#cancelWith(signal, submission);
    return submission;
  }

  #exhaustIfSpent(group: SubmissionGroup): void {
    if (group.submissions.isSpent) this.#parts.sources.exhaust(group);
  }

  *#groups(): Generator<SubmissionGroup> {
    for (const group of this.#parts.door.state.groups) {
      if (group instanceof SubmissionGroup) yield group;
    }
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
      keepResults: this.#parts.keptBytes(),
    });
    const group = new SubmissionGroup(identity, work, undefined, this, this.#parts.runner);
    group.context = this.#parts.anyContext;
    sources.open(group, []);
    return group;
  }

  /** The clocks of a submission run from its call: it may be too late before it is a task. */
  #limitWait(submission: Submission): void {
    const { turn } = this.#parts.door;
    const { waitTimeout = Number.POSITIVE_INFINITY, deadline = Number.POSITIVE_INFINITY } =
      submission.work.policy?.numbers ?? {};
    const which = waitTimeout < deadline ? 'waitTimeout' : 'deadline';
    const ms = Math.min(waitTimeout, deadline);
    if (ms === Number.POSITIVE_INFINITY) return;
    submission.waitingSince = turn.elapsed;
    const timer = turn.after(ms, () => {
      submission.group.submissions.withdraw(submission, (each) =>
        each.fail(reached(`submission ${each.index} of '${each.group.name}'`, which, ms)),
      );
    });
    submission.whenOver(() => turn.cancel(timer));
  }

  /** Cancels a submission when a signal is aborted. */
  #cancelWith(signal: AbortSignal, submission: Submission): void {
    if (signal.aborted) submission.cancel(signal.reason);
    else submission.whenOver(onAbort(signal, () => this.cancel(submission, signal.reason)));
  }
}
