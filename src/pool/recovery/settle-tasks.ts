/** What becomes of each task that had not ended when its process died or suspended its pool. */

import { TaskInterrupted, type TaskTimedOut } from '../../errors.ts';
import { Code } from '../../events/event-codes.ts';
import { SUSPENDED, UNSTARTED } from '../../events/event-columns.ts';
import type { TimeoutKind } from '../../events/events.ts';
import { Steps } from '../../kit/jobs.ts';
import { quoted } from '../../kit/printed.ts';
import {
  CANCELLING,
  DELAYED,
  ENDED,
  QUEUED,
  TASK_STATES,
  TIMED_OUT,
} from '../../machines/charts.ts';
import { StoredCalls } from '../../machines/stored-calls.ts';
import { formerError, timedOutError } from '../attempt/errors.ts';
import type { Core } from '../core.ts';
import type { Door } from '../door/door.ts';
import { cancellation } from '../engine/cancellation.ts';
import type { Reattached } from '../functions/remote.ts';
import type { TaskContext } from '../functions/task-context.ts';
import type { Task } from '../live/live.ts';
import {
  isBetweenAttempts,
  isInterrupted,
  isInterruptedTooOften,
  isRetried,
  isStillQueued,
} from './interrupted.ts';
import { itemOf } from './reattach.ts';
import { countRunning } from './recovered-limits.ts';
import type { RecoveryTerms } from './recovery-options.ts';

/** What is known about the end of the previous process. */
export interface PreviousProcess {
  /** The time of its last event; 0 if unknown. */
  readonly endedAt: number;
  /** The tasks that may have been running. */
  readonly runners: ReadonlySet<Task>;
}

/** Ends or requeues the tasks that had not ended when the process died or suspended its pool, in the order of ids. */
export function* settleInterrupted(
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
