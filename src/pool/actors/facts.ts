/** The contexts of actors: what the state knows of a pool or a task. */

import { limitToJson } from '../../machines/limits.ts';
import type { PoolCounts, PoolFacts } from '../../machines/pool-machine.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import { NO_NOTES, type TaskRecord } from '../../machines/records.ts';
import type { TaskFacts } from '../../machines/task-machine.ts';

export function factsOfPool(state: PoolState): PoolFacts {
  const { name, kind, poolSize, paused } = state;
  return { name, kind, poolSize: limitToJson(poolSize), paused, counts: countsOf(state) };
}

export function factsOfTask(task: TaskRecord): TaskFacts {
  const { id, group, index, attempt, outcome, notes } = task;
  const facts = { id, group: group.name, index, attempt };
  if (outcome === undefined) return notes === NO_NOTES ? facts : { ...facts, ...notes };
  const { error, ...rest } = notes;
  // In the order of events, which is visible in JSON.
  return { ...facts, ...rest, outcome, ...(error === undefined ? {} : { error }) };
}

/**
 * The counts of a pool. The actor receives no task events, so they are read on access: an inspector gets the values at
 * that moment.
 */
function countsOf(state: PoolState): PoolCounts {
  const { totals } = state;
  return {
    get queued() {
      return state.numQueued;
    },
    get running() {
      return state.numRunning;
    },
    get delayed() {
      return state.numDelayed;
    },
    get fulfilled() {
      return totals.fulfilled;
    },
    get rejected() {
      return totals.rejected;
    },
    get cancelled() {
      return totals.cancelled;
    },
  };
}
