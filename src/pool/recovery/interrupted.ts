/** What happens to tasks that were running when their process died. */

import { ACTIVE, DELAYED, ENDED, QUEUED, TIMED_OUT } from '../../machines/charts.ts';
import { limitFromJson } from '../../machines/limits.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import { isBelowLimit } from '../admission/group-limit.ts';
import { isRunning } from '../admission/pause.ts';
import { hasFreeSlot } from '../admission/pool-size.ts';
import { MAX_INTERRUPTIONS } from '../attempt/policy.ts';
import type { Group, Task } from '../live/live.ts';
import { isCallIncomplete } from '../storing/storing.ts';
import { ClosedKeys } from './closed-keys.ts';
import { optionsOfGroup, type RecoveryTerms, sourceOfGroup } from './recovery-options.ts';

/** Whether a task is to be run again, or to be given up: it may have run, and has not ended. */
export function isInterrupted({ state, group }: Task): boolean {
  return (state === QUEUED || state === ACTIVE) && group.source !== 'cancelled';
}

/**
 * Whether a task waits for its start as it did before. The journal of a pool that was suspended lacks
 * nothing: what is queued there was not running.
 */
export function isStillQueued(task: Task, wasSuspended: boolean): boolean {
  return wasSuspended && task.state === QUEUED && isInterrupted(task);
}

/** Whether a task has failed, or was going to, and its process died before it could be run again. */
export function isBetweenAttempts({ state, group }: Task): boolean {
  return (state === DELAYED || state === TIMED_OUT) && group.source !== 'cancelled';
}

/**
 * The tasks that have run when their process died, or may have: the last events may be missing, and with
 * them that a task had started which nothing held back.
 *
 * @param diedAt the time of the last event: milliseconds since the epoch.
 */
export function thoseThatMayHaveRun(state: PoolState<Task, Group>, diedAt: number): Set<Task> {
  const { tasks, limits } = state;
  const running = Array.from(tasks).filter(holdsSlot);
  const closed = new ClosedKeys(limits, running, diedAt);
  const isRoom = hasFreeSlot(state) && isRunning(state);
  const couldStart = (task: Task) =>
    isRunning(task.group) && isBelowLimit(task.group) && !closed.isAnyOf(task);
  const all = Array.from(tasks).filter(
    (task) => task.state === ACTIVE || (task.state === QUEUED && isRoom && couldStart(task)),
  );
  return new Set(all);
}

function holdsSlot({ state, startedAt }: Task): boolean {
  return startedAt !== undefined && state !== QUEUED && state !== DELAYED && state !== ENDED;
}

/** Whether a task has been interrupted as often as its group allows. */
export function isInterruptedTooOften({ work, notes }: Task): boolean {
  const { maxInterruptions = MAX_INTERRUPTIONS } = work.policy?.numbers ?? {};
  return (notes.interruptions ?? 0) >= limitFromJson(maxInterruptions);
}

/** Whether an interrupted task of a group is to be run again. */
export function isRetried({ name }: Group, options: RecoveryTerms): boolean {
  return (optionsOfGroup(options, name).onInterrupted ?? options.onInterrupted) !== 'fail';
}

/** Whether the call of a group never was: the process died within it, and no one has the rest. */
export function isDropped(group: Group, options: RecoveryTerms): boolean {
  return isCallIncomplete(group) && sourceOfGroup(options, group.name) === undefined;
}
