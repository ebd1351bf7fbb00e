/** Applies the end of one task and the start of another one in its slot as one step. */

import type { QueuedTask } from '../events/event-columns.ts';
import { QUEUED } from './charts.ts';
import type { PoolState } from './pool-state.ts';
import type { TaskRecord } from './records.ts';
import { retain } from './retention.ts';
import { enroll, noteEnd, noteStart } from './task-fold.ts';
import { AFTER_END, AFTER_START, checkNextTask } from './transitions.ts';

/**
 * Applies `task.ended` of a running task that has fulfilled, `task.started` of the next one, and `task.queued` if
 * a task is created in the same step. The number of running tasks and slots of the pool does not change.
 *
 * @param task holds a slot, and its group does not keep results.
 * @param made the task that was queued: `next` itself, or the one that takes its place in line. Undefined if `next`
 * was waiting and no task takes its place.
 * @param queued the detail of its `task.queued`, if there is one.
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
  task.group.slots--;
  next.group.slots++;
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
