/** Applies the end of one task and the start of the next one of its group as one step. */

import type { QueuedTask } from '../events/event-columns.ts';
import { QUEUED } from './charts.ts';
import type { PoolState } from './pool-state.ts';
import type { TaskRecord } from './records.ts';
import { retain } from './retention.ts';
import { enroll, noteEnd, noteStart } from './task-fold.ts';
import { AFTER_END, AFTER_START, checkNextTask } from './transitions.ts';

/**
 * Applies `task.ended` of a task that runs and has fulfilled, `task.started` of the next one of its group, and
 * `task.queued` if a task is made in the same step. How many run and hold slots is the same afterwards.
 *
 * @param task holds a slot, and its group does not keep results.
 * @param made what was queued: the next one itself, or who waits in its place from now on. Undefined if the next one
 * waited, and no one takes its place.
 * @param queued what `task.queued` says of that, if anything was.
 * @throws StoreGap
 */
export function relay(
  state: PoolState,
  at: number,
  task: TaskRecord,
  next: TaskRecord,
  made: TaskRecord | undefined,
  queued: QueuedTask | undefined,
): void {
  if (made !== undefined) checkNextTask(state, made);
  leave(state, at, task);
  if (made !== undefined) enroll(state, made, at, queued as QueuedTask);
  else state.counts[QUEUED]!--;
  take(state, at, next);
  state.seq += made === undefined ? 2 : 3;
}

function leave(state: PoolState, at: number, task: TaskRecord): void {
  state.running.remove(task);
  task.state = AFTER_END;
  task.outcome = 'fulfilled';
  state.counts[AFTER_END]!++;
  state.totals.fulfilled++;
  noteEnd(task, at);
  retain(state, task);
}

function take(state: PoolState, at: number, task: TaskRecord): void {
  task.state = AFTER_START;
  state.running.push(task);
  noteStart(state, task, at);
}
