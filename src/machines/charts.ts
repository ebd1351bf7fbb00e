/** The two charts in compiled form, and the names of their states as codes. */

import type { Actor } from 'xstate';
import { POOL_EVENT_TYPES, TASK_EVENT_TYPES } from '../events/event-codes.ts';
import { poolMachine } from './pool-machine.ts';
import { type CompiledLogic, tabulate } from './tabulate.ts';
import { taskMachine } from './task-machine.ts';

export const taskChart = tabulate(taskMachine, TASK_EVENT_TYPES);
export const poolChart = tabulate(poolMachine, POOL_EVENT_TYPES);

/** Codes of the task states. */
export const QUEUED = taskChart.code('queued');
export const ACTIVE = taskChart.code('running.active');
export const CANCELLING = taskChart.code('running.cancelling');
export const TIMED_OUT = taskChart.code('running.timedOut');
export const DELAYED = taskChart.code('delayed');
export const CANCELLED = taskChart.code('cancelled');
export const ENDED = taskChart.code('ended');

/**
 * The state of a task: `running` until its signal is aborted, then `cancelling` or `timedOut` until its function has
 * settled; `delayed` between a failed attempt and the next one; `cancelled` until the cancel callback has finished.
 */
export type TaskState =
  | 'queued'
  | 'running'
  | 'cancelling'
  | 'timedOut'
  | 'delayed'
  | 'cancelled'
  | 'ended';

/** The state of a task by its code. */
export const TASK_STATES: readonly TaskState[] = taskChart.states.map((state) =>
  state === 'running.active' ? 'running' : (state.split('.').at(-1) as TaskState),
);

/**
 * The status of a pool: `open` accepts calls, `locked` refuses them until `unlock()`, `closing` finishes the accepted
 * work, `closed` is final.
 */
export type PoolStatus = 'open' | 'locked' | 'closing' | 'closed';

/** The status of a pool by the code of its state. */
export const POOL_STATUSES = poolChart.states as readonly PoolStatus[];

/** The actor of a task: any xstate actor of the task chart. */
export type TaskActor = Actor<CompiledLogic<typeof taskMachine>>;

/** The actor of a pool: any xstate actor of the pool chart. */
export type PoolActor = Actor<CompiledLogic<typeof poolMachine>>;
