/** Restores live groups, tasks and submissions from the records of a journal, and resumes them. */

import { ResultsNotRetained, TaskInterrupted, type TaskTimedOut } from '../../errors.ts';
import { Code } from '../../events/event-codes.ts';
import { SUSPENDED, UNSTARTED } from '../../events/event-columns.ts';
import type { TimeoutKind } from '../../events/events.ts';
import { nextTurn, Steps, stepByStep } from '../../kit/jobs.ts';
import { quoted } from '../../kit/printed.ts';
import { randomId } from '../../kit/random-id.ts';
import {
  CANCELLING,
  DELAYED,
  ENDED,
  QUEUED,
  TASK_STATES,
  TIMED_OUT,
} from '../../machines/charts.ts';
import { StoredCalls } from '../../machines/stored-calls.ts';
import { numbersOf } from '../admission/limit-options.ts';
import { formerError, timedOutError } from '../attempt/errors.ts';
import type { Core } from '../core.ts';
import type { Door } from '../door/door.ts';
import { cancellation } from '../engine/cancellation.ts';
import type { Reattached } from '../functions/remote.ts';
import type { TaskContext } from '../functions/task-context.ts';
import type { Group, Task } from '../live/live.ts';
import { FORMER } from '../results/marks.ts';
import type { Submission } from '../submissions/submission.ts';
import { SubmissionGroup } from '../submissions/submission-group.ts';
import {
  isBetweenAttempts,
  isDropped,
  isInterrupted,
  isInterruptedTooOften,
  isRetried,
  isStillQueued,
  thoseThatMayHaveRun,
} from './interrupted.ts';
import { itemOf } from './reattach.ts';
import { changeLimits, countRunning, limitAgain, restoreLimits } from './recovered-limits.ts';
import { recoveredFeed } from './recovered-source.ts';
import { type CalleeOfCall, cancelReplaced, restoreSubmissions } from './recovered-submissions.ts';
import { optionsOfGroup, type RecoveryTerms, sourceOfGroup } from './recovery-options.ts';

/** What to do instead of giving work to a recovered pool that the previous process has closed. */
const CLOSED_BEFORE =
  ': its journal is that of a pool that was closed, by gatherAndClose() for instance. Use a new journal for new work; ' +
  'end with suspend() to continue with the same one';

/** What is known about the end of the previous process. */
interface PreviousProcess {
  /** The time of its last event; 0 if unknown. */
  readonly endedAt: number;
  /** The tasks that may have been running. */
  readonly runners: ReadonlySet<Task>;
}

/**
 * Continues the work of a pool of another process after its journal was read, in steps with turns of the event loop
 * in between. Until it is done, nothing runs and the caller does not have the pool.
 *
 * @throws the error of the store if it fails before the first event.
 */
export async function continueWork(
  core: Core,
  options: RecoveryTerms,
  calleeOfCall: CalleeOfCall,
  attached: ReadonlyMap<Task, Reattached>,
  diedAt: number,
): Promise<void> {
  const { door } = core;
  const { state } = door;
  const release = door.turn.hold();
  // Determined before a limit is changed or a slot is released.
  const runners = state.suspended ? new Set<Task>() : thoseThatMayHaveRun(state, diedAt);
  const previous = { endedAt: Number.isFinite(diedAt) ? diedAt : 0, runners };
  const replaced = await stepByStep(restoreAll(core, options, calleeOfCall, previous));
  if (state.status === 'closing' || state.status === 'closed') core.closedHint = CLOSED_BEFORE;
  const failure = door.persister?.failure;
  if (failure !== undefined) throw failure.cause;
  if (state.status === 'closing') void core.closing.finish();
  if (state.status !== 'closed') {
    await stepByStep(settleAll(core, options, attached, previous, replaced));
  }
  core.begin(options.signal);
  // In a later turn of the event loop, so that the caller can subscribe before anything runs.
  void nextTurn().then(() => {
    for (const task of attached.keys()) task.group.context.run(task);
    release();
  });
}

/** Records that the pool is recovered, and what that means for its work. */
function* settleAll(
  core: Core,
  options: RecoveryTerms,
  attached: ReadonlyMap<Task, Reattached>,
  previous: PreviousProcess,
  replaced: readonly Submission[],
): Generator<undefined, void> {
  const { scheduler } = core;
  const { state } = core.door;
  const { suspended } = state;
  core.actors.materialiseIfEager();
  core.record(Code.poolRecovered, state.uid === '' ? { uid: randomId() } : {});
  if (options.poolSize !== undefined) core.resize(options.poolSize);
  changeLimits(core, numbersOf(options.limits ?? {}));
  for (const group of state.groups) {
    limitAgain(core, group, optionsOfGroup(options, group.name).limits ?? {});
  }
  dropIncompleteCalls(core, options);
  cancelReplaced(core, replaced);
  yield* settleInterrupted(core, options, attached, previous, suspended);
  for (const group of state.groups) {
    const { signal } = optionsOfGroup(options, group.name);
    if (signal !== undefined) core.calls.cancelWith(signal, group);
  }
  for (const group of state.groups) if (!group.isDone) scheduler.addLater(group);
}

/** Before the first event of the recovered pool: restores what is not in the journal, as far as possible. */
function* restoreAll(
  core: Core,
  options: RecoveryTerms,
  calleeOfCall: CalleeOfCall,
  previous: PreviousProcess,
): Generator<undefined, Submission[]> {
  const { state } = core.door;
  const steps = new Steps();
  for (const _ of restoreLimits(core, previous.endedAt)) if (steps.areDue()) yield;
  for (const task of state.tasks) {
    if (task.state === ENDED) task.value = formerValue(task);
    if (steps.areDue()) yield;
  }
  for (const group of state.groups) {
    if (!(group instanceof SubmissionGroup)) restoreGroup(core, group, options);
    if (steps.areDue()) yield;
  }
  // Their remote calls may still be running.
  for (const group of state.cancelled) group.context = core.calls.contextFor(group);
  return yield* restoreSubmissions(core, calleeOfCall);
}

/** The outcome of a task of an earlier process, if the journal contains it. */
function formerValue({ group, outcome, notes }: Task): unknown {
  const { value, omitted, error, reason } = notes;
  if (group.identity.kind.keepResults === undefined || omitted === true) return FORMER;
  if (outcome === 'rejected') return error === undefined ? FORMER : formerError(error);
  return outcome === 'cancelled' ? cancellation(reason).reason : value;
}

function restoreGroup(core: Core, group: Group, options: RecoveryTerms): void {
  group.context = core.calls.contextFor(group);
  if (group.source === 'open') {
    group.feed = recoveredFeed(group, sourceOfGroup(options, group.name), () =>
      core.scheduler.proceed(group),
    );
    return;
  }
  if (group.source === 'failed') {
    const error = new ResultsNotRetained(
      `expected a source whose error is known, got that of ${quoted(group.name)}, which failed before the pool was recovered`,
    );
    group.failWith(error, false);
  }
  if (group.isDone) core.delivery.finish(group);
}

/** Drops the calls within which the process died, which do not count. */
function dropIncompleteCalls(core: Core, options: RecoveryTerms): void {
  for (const group of [...core.door.state.groups]) {
    if (!isDropped(group, options)) continue;
    const { planned } = group.identity.kind;
    const reason = new TaskInterrupted(
      `the process died while it stored the ${planned} items of ${quoted(group.name)}: its call is dropped`,
    );
    core.cancelling.group(group, reason);
  }
}

/** Ends or requeues the tasks that had not ended when the process died or suspended its pool, in the order of ids. */
function* settleInterrupted(
  core: Core,
  options: RecoveryTerms,
  attached: ReadonlyMap<Task, Reattached>,
  previous: PreviousProcess,
  wasSuspended: boolean,
): Generator<undefined, void> {
  const { state } = core.door;
  const steps = new Steps();
  for (const task of [...state.tasks]) {
    if (steps.areDue()) yield;
    const hasRun = previous.runners.has(task);
    if (task.state === ENDED) continue;
    // It also ages while no process is running.
    if (options.aging !== undefined) {
      task.waitingSince = core.door.turn.elapsed - waitedSoFar(core.door, task);
    }
    const call = attached.get(task);
    if (call !== undefined) adopt(core, task, call);
    else if (isBetweenAttempts(task)) resume(core, task, previous.endedAt);
    else if (isStillQueued(task, wasSuspended)) enqueueAgain(core, task);
    else if (!isInterrupted(task)) unwind(core, task);
    else if (hasRun && isInterruptedTooOften(task)) giveUp(core, task);
    else if (!isRetried(task.group, options)) giveUp(core, task);
    else retry(core, task, wasSuspended ? SUSPENDED : hasRun ? 0 : UNSTARTED);
  }
}

/** Continues the attempt of a remote call that has outlived the process of its pool. */
function adopt(core: Core, task: Task, call: Reattached): void {
  const { attempts, door, cancelling } = core;
  restoreTask(core, task);
  task.ownRun.attached = (...args) => call(args.at(-1) as TaskContext);
  countRunning(core, task);
  const { notes, placedAt } = task;
  if (task.state === CANCELLING) task.abort(cancellation(notes.reason).reason, door.turn.elapsed);
  else if (task.state === TIMED_OUT) {
    task.ownRun.timeOut(timeoutOf(task), door.turn.elapsed);
  } else if (task.group.source === 'cancelled') cancelling.tasks([task], undefined);
  else if (placedAt !== undefined) attempts.placed(task, Math.max(0, door.turn.at - placedAt));
}

/** Ends a task that was being cancelled when its process died. */
function unwind({ door, runner }: Core, task: Task): void {
  task.abort(cancellation(task.notes.reason).reason, door.turn.elapsed);
  runner.unwound(task);
}

function retry(core: Core, task: Task, n: number): void {
  restoreTask(core, task);
  if (n === UNSTARTED) limitWait(core, task);
  core.door.record(Code.taskInterrupted, task, n);
  // An observer of its actor may have cancelled it in the meantime.
  if (task.state === QUEUED) core.admission.enqueue(task);
}

/** Queues a task for its start as before. */
function enqueueAgain(core: Core, task: Task): void {
  restoreTask(core, task);
  limitWait(core, task);
  core.admission.enqueue(task);
}

/** Starts the time limit for the first start of a task. */
function limitWait({ attempts, door }: Core, task: Task): void {
  if (task.attempt === 1) attempts.waits(task, waitedSoFar(door, task));
}

/** Continues a task that had failed or timed out before its process died. */
function resume(core: Core, task: Task, diedAt: number): void {
  const { attempts, door, runner } = core;
  restoreTask(core, task);
  if (task.state === DELAYED) {
    const { retryAt = diedAt } = task.notes;
    // The wall clock may have been set back since, or be that of another machine.
    attempts.delay(task, retryAt - Math.max(door.turn.at, diedAt));
  } else runner.timedOut(task, timeoutOf(task));
}

/** The error of a task that has timed out. */
function timeoutOf(task: Task): TaskTimedOut {
  return timedOutError(task, task.notes.timedOut as TimeoutKind);
}

/** Restores the item and the time limits of a task that is run again. */
function restoreTask({ attempts, door }: Core, task: Task): void {
  const { notes } = task;
  task.item = itemOf(task);
  if (task.work.policy === undefined) return;
  attempts.begin(task, waitedSoFar(door, task));
  if (notes.lastError !== undefined) task.beginNext(formerError(notes.lastError));
}

/** The milliseconds since the creation of a task or its call; 0 if the wall clock was set back since. */
function waitedSoFar({ turn }: Door, { group, index, queuedAt }: Task): number {
  const { stored } = group;
  const calledAt = (stored instanceof StoredCalls ? stored.own(index)?.at : undefined) ?? queuedAt;
  return Math.max(0, turn.at - calledAt);
}

function giveUp(core: Core, task: Task): void {
  const was = TASK_STATES[task.state];
  core.runner.giveUp(
    task,
    new TaskInterrupted(
      `task ${task.id} of ${quoted(task.group.name)} was ${was} when its process died`,
    ),
  );
}
