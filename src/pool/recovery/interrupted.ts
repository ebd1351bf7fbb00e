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

/** Whether a task was interrupted, and is to be run again or given up: it may have run and has not ended. */
export function isInterrupted({ state, group }: Task): boolean {
  return (state === QUEUED || state === ACTIVE) && group.source !== 'cancelled';
}

/**
 * Whether a task simply waits for its start as before. The journal of a suspended pool is complete: tasks that are
 * queued in it were not running.
 */
export function isStillQueued(task: Task, wasSuspended: boolean): boolean {
  return wasSuspended && task.state === QUEUED && isInterrupted(task);
}

/** Whether a task has failed or timed out, and its process died before it could be retried. */
export function isBetweenAttempts({ state, group }: Task): boolean {
  return (state === DELAYED || state === TIMED_OUT) && group.source !== 'cancelled';
}

/**
 * The tasks that were running when their process died, or may have been: the last events may be missing, among them
 * the start of any task that was not held back.
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
  // An attempt that is over has no start.
  return startedAt !== undefined && state !== ENDED;
}

/** Whether a task was interrupted as often as its group allows. */
export function isInterruptedTooOften({ work, notes }: Task): boolean {
  const { maxInterruptions = MAX_INTERRUPTIONS } = work.policy?.numbers ?? {};
  return (notes.interruptions ?? 0) >= limitFromJson(maxInterruptions);
}

/** Whether interrupted tasks of a group are run again. */
export function isRetried({ name }: Group, options: RecoveryTerms): boolean {
  return (optionsOfGroup(options, name).onInterrupted ?? options.onInterrupted) !== 'fail';
}

/** Whether the call of a group does not count: the process died within it, and no source has the remaining items. */
export function isDropped(group: Group, options: RecoveryTerms): boolean {
  return isCallIncomplete(group) && sourceOfGroup(options, group.name) === undefined;
}
