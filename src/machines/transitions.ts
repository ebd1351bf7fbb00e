/** Which events the charts allow in the current state of a pool. */

import { IllegalTransition, StoreGap } from '../errors.ts';
import {
  Code,
  EVENT_TYPES,
  type EventCode,
  GROUP_CODES,
  POOL_CODES,
} from '../events/event-codes.ts';
import { ACTIVE, poolChart, QUEUED, taskChart } from './charts.ts';
import type { PoolState } from './pool-state.ts';
import type { TaskRecord } from './records.ts';
import { REFUSED } from './tabulate.ts';

/** How many events concern the pool: the columns of its table. */
const POOL_EVENTS = EVENT_TYPES.length - POOL_CODES;

// A module constant, since it is read for each event of each task.
const { table: TASK_TABLE } = taskChart;

/** The states after a running task has ended, and after a queued one has started, by the chart. */
export const AFTER_END = TASK_TABLE[ACTIVE * GROUP_CODES + Code.taskEnded] as number;
export const AFTER_START = TASK_TABLE[QUEUED * GROUP_CODES + Code.taskStarted] as number;

/** The code of the state that an event moves a task to. @throws IllegalTransition */
export function nextOfTask(state: PoolState, code: EventCode, task: TaskRecord): number {
  const to = TASK_TABLE[task.state * GROUP_CODES + code] as number;
  if (to !== REFUSED) return to;
  throw illegal(state, code, `task ${task.id}`, taskChart.states[task.state]);
}

/** The code of the state that an event moves the pool to. @throws IllegalTransition */
export function nextOfPool(state: PoolState, code: EventCode): number {
  const to = poolChart.table[state.statusCode * POOL_EVENTS + code - POOL_CODES] as number;
  if (to === REFUSED) throw illegal(state, code, 'the pool', state.status);
  return to;
}

/** @throws StoreGap unless the ids of tasks are dense. */
export function checkNextTask({ totals }: PoolState, task: TaskRecord): void {
  if (task.id === totals.created) return;
  throw new StoreGap(`expected a task with id ${totals.created}, got ${task.id}`);
}

/** @throws IllegalTransition unless it is the first event. */
export function checkFirst(state: PoolState): void {
  if (state.seq !== -1) throw illegal(state, Code.poolCreated, 'the pool', state.status);
}

function illegal(
  { seq }: PoolState,
  code: EventCode,
  subject: string,
  name: string | undefined,
): IllegalTransition {
  return new IllegalTransition(
    `expected an event that ${subject} allows when ${name}, got ${EVENT_TYPES[code]} after seq ${seq}`,
  );
}
