/** A slot that passes from one task to the next of its group: what the three events of that come to, in one step. */

import type { PoolState } from './pool-state.ts';
import type { TaskRecord } from './records.ts';
import { retain } from './retention.ts';
import { AFTER_END, AFTER_START, checkNextTask } from './transitions.ts';

/**
 * Applies `task.ended` of a task that runs and has fulfilled, `task.queued` of the next one of its group,
 * and `task.started` of that. The counts of those who wait, run and hold slots are the same afterwards.
 *
 * @param task holds a slot, and its group stores neither arguments nor results.
 * @throws StoreGap
 */
export function relay(state: PoolState, at: number, task: TaskRecord, next: TaskRecord): void {
  checkNextTask(state, next);
  const { totals, counts, running, tasks } = state;
  const { group } = task;
  running.remove(task);
  task.state = AFTER_END;
  task.endedAt = at;
  task.outcome = 'fulfilled';
  counts[AFTER_END]!++;
  totals.fulfilled++;
  group.ended++;
  retain(state, task);
  next.state = AFTER_START;
  next.queuedAt = at;
  next.startedAt = at;
  totals.created++;
  totals.started++;
  tasks.add(next.id, next);
  group.created++;
  group.push(next);
  running.push(next);
  if (group.numUnmade > 0 && group.identity.kind.planned !== undefined) {
    group.numUnmade--;
    state.numUnmade--;
  }
  state.seq += 3;
}
