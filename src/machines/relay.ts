/** A slot that passes from one task to the next of its group: what the events of that come to, in one step. */

import { QUEUED } from './charts.ts';
import type { PoolState } from './pool-state.ts';
import type { TaskRecord } from './records.ts';
import { retain } from './retention.ts';
import { register } from './task-fold.ts';
import { AFTER_END, AFTER_START, checkNextTask } from './transitions.ts';

/**
 * Applies `task.ended` of a task that runs and has fulfilled, and `task.started` of one of its group that is
 * queued. How many run and hold slots is the same afterwards.
 *
 * @param task holds a slot, and its group stores neither arguments nor results.
 */
export function passOn(state: PoolState, at: number, task: TaskRecord, next: TaskRecord): void {
  leave(state, at, task);
  state.counts[QUEUED]!--;
  take(state, at, next);
  state.seq += 2;
}

/**
 * The same where the next one is new: applies its `task.queued` in between.
 *
 * @throws StoreGap
 */
export function relay(state: PoolState, at: number, task: TaskRecord, next: TaskRecord): void {
  checkNextTask(state, next);
  leave(state, at, task);
  register(state, next, at);
  take(state, at, next);
  state.seq += 3;
}

/**
 * Applies `task.ended` of a task, `task.started` of one that is queued, and `task.queued` of a new one, which waits
 * in place of that.
 *
 * @throws StoreGap
 */
export function moveUp(
  state: PoolState,
  at: number,
  task: TaskRecord,
  head: TaskRecord,
  next: TaskRecord,
): void {
  checkNextTask(state, next);
  leave(state, at, task);
  take(state, at, head);
  register(state, next, at);
  state.seq += 3;
}

function leave(state: PoolState, at: number, task: TaskRecord): void {
  state.running.remove(task);
  task.state = AFTER_END;
  task.endedAt = at;
  task.outcome = 'fulfilled';
  state.counts[AFTER_END]!++;
  state.totals.fulfilled++;
  task.group.ended++;
  retain(state, task);
}

function take(state: PoolState, at: number, task: TaskRecord): void {
  task.state = AFTER_START;
  task.startedAt = at;
  state.totals.started++;
  state.running.push(task);
}
