/** The two charts in compiled form, and the names of their states and events as codes. */

import { EVENT_TYPES } from '../events.ts';
import { compile } from './compile.ts';
import { poolMachine } from './pool-machine.ts';
import { taskMachine } from './task-machine.ts';

/** Codes of the events: an event's place in {@link EVENT_TYPES}. */
export const Code = {
  taskQueued: 0,
  taskStarted: 1,
  taskProgressed: 2,
  taskCancelling: 3,
  taskCancelled: 4,
  taskEnded: 5,
  taskInterrupted: 6,
  groupCreated: 7,
  groupSupplied: 8,
  groupResized: 9,
  groupPaused: 10,
  groupResumed: 11,
  groupExhausted: 12,
  groupFailed: 13,
  groupCancelled: 14,
  callbackFailed: 15,
  journalFailed: 16,
  poolCreated: 17,
  poolResized: 18,
  poolLocked: 19,
  poolUnlocked: 20,
  poolFlushed: 21,
  poolResumed: 22,
  poolClosing: 23,
  poolClosed: 24,
} as const;

/** The code of an event. */
export type EventCode = (typeof Code)[keyof typeof Code];

/** How many of the events concern a task; they are the columns of its table. */
export const TASK_EVENTS = 7;

export const taskChart = compile(taskMachine, EVENT_TYPES.slice(0, TASK_EVENTS));
export const poolChart = compile(poolMachine, EVENT_TYPES.slice(Code.poolCreated));

/** Codes of the task states. */
export const QUEUED = taskChart.code('queued');
export const ACTIVE = taskChart.code('running.active');
export const CANCELLING = taskChart.code('running.cancelling');
export const CANCELLED = taskChart.code('cancelled');
export const ENDED = taskChart.code('ended');

/** What a task is doing: `running` until its signal is aborted, then `cancelling`. */
export type TaskState = 'queued' | 'running' | 'cancelling' | 'cancelled' | 'ended';

/** The state of a task by its code. */
export const TASK_STATES: readonly TaskState[] = taskChart.states.map((state) =>
  state === 'running.active' ? 'running' : (state.split('.').at(-1) as TaskState),
);

/** What a pool accepts: all, no new calls, no new work at all; `closed` is the end. */
export type PoolStatus = 'open' | 'locked' | 'closing' | 'closed';

/** The status of a pool by the code of its state. */
export const POOL_STATUSES = poolChart.states as readonly PoolStatus[];
