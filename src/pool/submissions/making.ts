/** Creates submissions and their groups. */

import { TaskGroupAlreadyExists } from '../../errors.ts';
import { Code } from '../../events/event-codes.ts';
import { onAbort, reasonOf } from '../../kit/on-abort.ts';
import { quoted } from '../../kit/printed.ts';
import type { GroupNames } from '../../machines/group-names.ts';
import type { Admission } from '../admission/admission.ts';
import { keysFrom } from '../admission/limit-options.ts';
import { reached } from '../attempt/errors.ts';
import { policyOf } from '../attempt/policy.ts';
import type { Door } from '../door/door.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import type { Group, Task } from '../live/live.ts';
import { type Work, Works } from '../live/work.ts';
import type { KeepResults, SubmitOptions } from '../options/group-options.ts';
import type { Delivery } from '../results/delivery.ts';
import type { AsyncContext, Running } from '../turn/async-context.ts';
import { Submission } from './submission.ts';
import type { Line } from './submission-feed.ts';
import { OF_EACH, SubmissionGroup, type SubmittedTask } from './submission-group.ts';
import type { SubmissionLog } from './submission-log.ts';

/** The options of the pool for calls that do not have them. */
interface Defaults {
  /** Whether functions are called in the async context of the call by default. */
  readonly hasContexts: boolean;
  /** The largest result that is stored in the journal, in bytes; undefined if none are. */
  keptBytes(keep: KeepResults | undefined): number | null | undefined;
}

/** The parts of a pool that are needed to create submissions. */
export interface MakingParts {
  readonly door: Door;
  readonly names: GroupNames;
  readonly admission: Admission;
  readonly runner: Running<Task>;
  readonly delivery: Delivery;
  readonly calls: Defaults;
  /** For functions that may be called in any async context. */
  readonly anyContext: AsyncContext<Task>;
}

/** The options of calls without options, as most are. */
export const NO_OPTIONS: SubmitOptions = Object.freeze({});
/** The arguments of calls without arguments, such as closures. */
export const NO_ARGS: readonly unknown[] = Object.freeze([]);

const NEVER = Number.POSITIVE_INFINITY;

/** Where submissions wait, and how they are cancelled. */
interface WaitingLine extends Line {
  /** Cancels a submission or its task; does nothing if it is over. */
  cancel(submission: Submission, reason: unknown): void;
}

export class SubmissionMaker {
  readonly #parts: MakingParts;
  readonly #line: WaitingLine;
  /** Defined if the journal stores calls. Set once. */
  log: SubmissionLog | undefined = undefined;
  /** By the name of the function: the groups with default names. */
  readonly #unnamed = new Map<string, SubmissionGroup>();
  readonly #works = new Works();
  /** One closure for all submissions, since it is retained for as long as the promise of an admission is pending. */
  readonly #runAdmitted = (id: unknown): Promise<unknown> => {
    const { door, runner } = this.#parts;
    const task = door.state.tasks.get(id as number) as SubmittedTask;
    const submission = task.submission as Submission;
    const outcome = runner.attempt(submission, task);
    return this.log?.untilSuspended(submission, outcome) ?? outcome;
  };

  constructor(parts: MakingParts, line: WaitingLine) {
    this.#parts = parts;
    this.#line = line;
  }

  /**
   * Creates a submission without queueing it.
   *
   * @throws NotStorable, LimitNotFound, TypeError, TaskGroupAlreadyExists
   */
  make(fn: AnyFunction, args: readonly unknown[], options: SubmitOptions): Submission {
    const { door } = this.#parts;
    const stored = this.log?.toStore(fn, args, options);
    const keys = keysFrom(options.limits, door.state.limits?.names ?? []);
    const work = this.#workOf(fn, options);
    const group = this.#groupOf(stored?.functionName ?? work.functionName, fn, work, options);
    const submission = this.promised(
      group,
      group.submitted++,
      fn,
      work,
      stored?.args ?? args,
      options.asyncContext,
    );
    if (options !== NO_OPTIONS) {
      const { priority, signal } = options;
      if (priority !== undefined) submission.priority = priority;
      if (keys !== undefined) {
        submission.keys = keys;
        this.#parts.admission.limit(group);
      }
      if (work.policy !== undefined) this.limitWait(submission, 0);
      if (signal !== undefined) this.#cancelWith(signal, submission);
    }
    // A subscriber may have cancelled the group when it was created.
    if (group.source === 'cancelled') submission.cancel(group.submissions.closedWith);
    if (stored !== undefined && submission.isWaiting) this.log?.submitted(submission, stored);
    return submission;
  }

  /** Creates a submission, whose function is called in the context of the caller by default. */
  promised(
    group: SubmissionGroup,
    index: number,
    fn: AnyFunction,
    work: Work,
    args: readonly unknown[],
    hasContext = this.#parts.calls.hasContexts,
  ): Submission {
    if (hasContext) group.context = OF_EACH;
    const context = hasContext ? undefined : this.#parts.anyContext;
    return new Submission(group, index, fn, work, args, context);
  }

  /**
   * Starts the time limits of a submission that has waited for some milliseconds: it may time out before it is a
   * task.
   */
  limitWait(submission: Submission, elapsed: number): void {
    const { turn } = this.#parts.door;
    const { waitTimeout = NEVER, deadline = NEVER } = submission.work.policy?.numbers ?? {};
    const which = waitTimeout < deadline ? 'waitTimeout' : 'deadline';
    const ms = Math.min(waitTimeout, deadline);
    if (ms === NEVER) return;
    submission.waitingSince = turn.elapsed - elapsed;
    const timer = turn.after(ms - elapsed, () => {
      submission.group.submissions.withdraw(submission, (each) => {
        const error = reached(`submission ${each.index} of ${quoted(each.group.name)}`, which, ms);
        if (!each.isAwaited) this.#parts.delivery.failures.keep(each, error);
        each.fail(error);
      });
    });
    submission.whenOver(() => turn.cancel(timer));
  }

  /** Adds a group to the pool. */
  enter(group: SubmissionGroup): void {
    group.enter(this.#line, this.#runAdmitted);
    group.context = this.#parts.anyContext;
  }

  #workOf(fn: AnyFunction, options: SubmitOptions): Work {
    const policy = options === NO_OPTIONS ? undefined : policyOf(options);
    return this.#works.of(fn, true, options, policy);
  }

  #groupOf(
    functionName: string,
    fn: AnyFunction,
    work: Work,
    options: SubmitOptions,
  ): SubmissionGroup {
    const { groupName } = options;
    if (groupName !== undefined)
      return this.#groupNamed(groupName, functionName, fn, work, options);
    const known = this.#unnamed.get(functionName);
    if (known?.source === 'open') return known;
    const group = this.#groupNamed(`submit-${functionName}`, functionName, fn, work, options);
    this.#unnamed.set(functionName, group);
    return group;
  }

  #groupNamed(
    name: string,
    functionName: string,
    fn: AnyFunction,
    work: Work,
    { keepResults }: SubmitOptions,
  ): SubmissionGroup {
    const { door, names } = this.#parts;
    const known: Group | undefined = door.state.groups.get(name);
    if (known instanceof SubmissionGroup && known.source === 'open') return known;
    if (known !== undefined) {
      throw new TaskGroupAlreadyExists(
        `expected the name of a group of submissions, got ${quoted(name)} of ${known.identity.kind.method}`,
      );
    }
    const identity = names.identify(name, {
      method: 'submit',
      functionName,
      numConcurrent: null,
      planned: undefined,
      priority: 0,
      storage: this.log && { items: 'submitted' },
      policy: undefined,
      terms: undefined,
      onError: undefined,
      keepResults: this.#parts.calls.keptBytes(keepResults),
    });
    const group = new SubmissionGroup(identity, fn, work, this.log?.storedCalls());
    this.enter(group);
    door.record(Code.groupCreated, group, 0, group.identity);
    return group;
  }

  /** Cancels a submission when a signal is aborted. */
  #cancelWith(signal: AbortSignal, submission: Submission): void {
    if (signal.aborted) submission.cancel(reasonOf(signal));
    else submission.whenOver(onAbort(signal, (reason) => this.#line.cancel(submission, reason)));
  }
}
