/**
 * Which ended tasks and groups a pool remembers. Retention is part of the fold, so replay forgets exactly what the
 * live pool forgot.
 */

import { ENDED } from './charts.ts';
import type { PoolState } from './pool-state.ts';
import type { GroupRecord, TaskRecord } from './records.ts';

/** A task has ended: remembers it, possibly forgetting the oldest one, or forgets it. */
export function retain(state: PoolState, task: TaskRecord): void {
  const { retain: rule, ended } = state;
  if (rule === 'none' || (rule === 'errors' && task.outcome !== 'rejected')) {
    forget(state, task);
    return;
  }
  ended.push(task);
  if (typeof rule === 'number' && ended.length > rule)
    forgetOldest(state, ended.first as TaskRecord);
}

/** Forgets all ended tasks and groups. */
export function flush(state: PoolState): void {
  for (let oldest = state.ended.first; oldest !== undefined; oldest = state.ended.first) {
    forgetOldest(state, oldest);
  }
  for (const group of state.groups) if (group.length === 0) forgetGroup(state, group);
}

/** Forgets a group without remembered tasks, unless its source is still open. */
export function forgetGroup(state: PoolState, group: GroupRecord): void {
  for (const watch of state.watches) watch.beforeGroup(group);
  if (group.source === 'exhausted' || group.source === 'failed') state.groups.remove(group);
  else if (group.source === 'cancelled') state.cancelled.delete(group);
}

function forgetOldest(state: PoolState, task: TaskRecord): void {
  for (const watch of state.watches) watch.beforeLeavingEnded(task);
  state.ended.remove(task);
  forget(state, task);
}

function forget(state: PoolState, task: TaskRecord): void {
  if (state.watches.length > 0) state.warn(task);
  state.tasks.remove(task.id);
  state.counts[ENDED]!--;
  task.group.remove(task);
  if (task.group.length === 0) forgetGroup(state, task.group);
}
