/** What becomes of work that was going on when its process died. */

import { ACTIVE, DELAYED, QUEUED, TIMED_OUT } from '../../machines/charts.ts';
import { limitFromJson } from '../../machines/limits.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import { isBelowLimit } from '../admission/group-limit.ts';
import { isRunning } from '../admission/pause.ts';
import { hasFreeSlot } from '../admission/pool-size.ts';
import { MAX_INTERRUPTIONS } from '../attempt/policy.ts';
import type { Group, Task } from '../engine/live.ts';
import { isCallIncomplete } from '../storing/storing.ts';
import { optionsOfGroup, type RecoveryOptions, sourceOfGroup } from './recovery-options.ts';

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
 * Whether a task that was queued or running has run when its process died, or may have: the last events
 * may be missing, and with them that it had started.
 */
export function mayHaveRun(task: Task, state: PoolState<Task, Group>): boolean {
  if (task.state === ACTIVE) return true;
  const { group } = task;
  return hasFreeSlot(state) && isRunning(state) && isRunning(group) && isBelowLimit(group);
}

/** Whether a task has been interrupted as often as its group allows. */
export function isInterruptedTooOften({ work, notes }: Task): boolean {
  const { maxInterruptions = MAX_INTERRUPTIONS } = work.policy?.numbers ?? {};
  return (notes.interruptions ?? 0) >= limitFromJson(maxInterruptions);
}

/** Whether an interrupted task of a group is to be run again. */
export function isRetried({ name }: Group, options: RecoveryOptions): boolean {
  return (optionsOfGroup(options, name).onInterrupted ?? options.onInterrupted) !== 'fail';
}

/** Whether the call of a group never was: the process died within it, and no one has the rest. */
export function isDropped(group: Group, options: RecoveryOptions): boolean {
  return isCallIncomplete(group) && sourceOfGroup(options, group.name) === undefined;
}
