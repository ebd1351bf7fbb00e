/** How the events of tasks change the state of a pool. */

import { Code, type EventCode } from '../events/event-codes.ts';
import {
  type EndedTask,
  type FailedAttempt,
  OUTCOMES,
  outcomeIn,
  type QueuedTask,
  SUSPENDED,
  TIMEOUT_KINDS,
  UNSTARTED,
} from '../events/event-columns.ts';
import type { Json, Outcome, TimeoutKind } from '../events/events.ts';
import { ACTIVE, DELAYED, QUEUED } from './charts.ts';
import type { PoolState } from './pool-state.ts';
import { NO_NOTES, type TaskNotes, type TaskRecord } from './records.ts';
import { retain } from './retention.ts';
import { checkNextTask, nextOfTask } from './transitions.ts';

// Module constants, since they are read for each event of each task.
const { taskQueued, taskStarted, taskEnded } = Code;
const FULFILLED = OUTCOMES.indexOf('fulfilled');
/** The notes of most interrupted tasks, shared, since there may be very many. */
const INTERRUPTED_ONCE: Readonly<TaskNotes> = { attempt: 2, interruptions: 1 };

/** @throws IllegalTransition, StoreGap */
export function applyToTask(
  state: PoolState,
  code: EventCode,
  at: number,
  task: TaskRecord,
  n: number,
  detail: unknown,
): void {
  if (state.watches.length > 0) state.warn(task);
  if (code === taskQueued) enter(state, task, at, detail as QueuedTask);
  else {
    const from = task.state;
    const to = nextOfTask(state, code, task);
    if (to !== from) move(state, task, from, to);
    if (code === taskStarted) takeSlot(state, task, at);
    else if (code === taskEnded)
      end(state, task, at, outcomeIn(n), detail as EndedTask | undefined);
    else note(state, code, task, at, n, detail);
  }
}

/** Handles the events that hardly any task has. */
function note(
  state: PoolState,
  code: EventCode,
  task: TaskRecord,
  at: number,
  n: number,
  detail: unknown,
): void {
  if (code === Code.taskPlaced) place(task, at, detail as string);
  else if (code === Code.taskProgressed) task.note({ progress: detail as Json });
  else if (code === Code.taskFailed) fail(state, task, detail as FailedAttempt);
  else if (code === Code.taskRequeued) beginNext(task);
  else if (code === Code.taskTimedOut) task.note({ timedOut: TIMEOUT_KINDS[n] as TimeoutKind });
  else if (code === Code.taskInterrupted) interrupt(state, task, n);
  else if (code === Code.taskPrioritised) task.note({ priority: detail as number });
  else if (detail !== undefined) task.note({ reason: detail as Json });
}

function enter(state: PoolState, task: TaskRecord, at: number, queued: QueuedTask): void {
  checkNextTask(state, task);
  enroll(state, task, at, queued);
  state.counts[QUEUED]!++;
}

/** Adds a created task with the data of its `task.queued`. */
export function enroll(
  state: PoolState,
  task: TaskRecord,
  at: number,
  { item, priority, keys }: QueuedTask,
): void {
  register(state, task, at);
  const { stored } = task.group;
  if (stored !== undefined) stored.enter(task.index, item);
  // A live task already has them.
  if (priority !== undefined && task.notes.priority === undefined) task.note({ priority });
  if (keys !== undefined && task.notes.keys === undefined) task.note({ keys });
}

/** Adds a created task to the tables, and counts it. */
function register(state: PoolState, task: TaskRecord, at: number): void {
  const { group } = task;
  task.queuedAt = at;
  state.totals.created++;
  state.tasks.add(task.id, task);
  group.created++;
  group.push(task);
  if (group.numUnmade === 0 || group.identity.kind.planned === undefined) return;
  group.numUnmade--;
  state.numUnmade--;
}

function move({ counts, running }: PoolState, task: TaskRecord, from: number, to: number): void {
  task.state = to;
  counts[from]!--;
  counts[to]!++;
  if (from === ACTIVE) running.remove(task);
  if (to === ACTIVE) running.push(task);
  if (from === DELAYED) task.group.delayed--;
}

function takeSlot(state: PoolState, task: TaskRecord, at: number): void {
  task.group.slots++;
  state.slots++;
  noteStart(state, task, at);
}

/** Sets that a task has started; limits count it by its keys. */
export function noteStart({ totals, limits }: PoolState, task: TaskRecord, at: number): void {
  task.startedAt = at;
  totals.started++;
  const { notes } = task;
  if (limits !== undefined && notes.keys !== undefined) limits.start(notes.keys, at);
}

function freeSlot(state: PoolState, { group, startedAt }: TaskRecord): void {
  if (startedAt === undefined) return;
  group.slots--;
  state.slots--;
}

/** Ends an attempt, but not the task. */
function endAttempt(state: PoolState, task: TaskRecord): void {
  freeSlot(state, task);
  task.startedAt = undefined;
  if (task.epoch !== undefined) task.epoch = undefined;
}

function place(task: TaskRecord, at: number, placedBy: string): void {
  task.note({ placedBy });
  task.placedAt = at;
}

function beginNext(task: TaskRecord): void {
  task.note({ attempt: task.attempt + 1 });
  if (task.notes.placedBy === undefined) return;
  task.note({ placedBy: undefined });
  task.placedAt = undefined;
}

function fail(state: PoolState, task: TaskRecord, { error, retryAt }: FailedAttempt): void {
  endAttempt(state, task);
  task.group.delayed++;
  const { failures = 0 } = task.notes;
  task.note({ failures: failures + 1, lastError: error, retryAt });
}

function interrupt(state: PoolState, task: TaskRecord, how: number): void {
  endAttempt(state, task);
  if (how === UNSTARTED) return;
  const { notes } = task;
  if (how === SUSPENDED) beginNext(task);
  else if (notes === NO_NOTES) task.note(INTERRUPTED_ONCE);
  else {
    beginNext(task);
    task.note({ interruptions: (notes.interruptions ?? 0) + 1 });
  }
}

function end(
  state: PoolState,
  task: TaskRecord,
  at: number,
  outcome: number,
  detail: EndedTask | undefined,
): void {
  const { group } = task;
  const error = detail?.error;
  freeSlot(state, task);
  task.outcome = OUTCOMES[outcome] as Outcome;
  if (error !== undefined) task.note({ error });
  if (group.identity.kind.keepResults !== undefined) keepResult(task, detail);
  noteEnd(task, at);
  if (outcome === FULFILLED) state.totals.fulfilled++;
  else state.totals[task.outcome]++;
  retain(state, task);
}

/** Sets that a task has ended; its stored item is released. */
export function noteEnd(task: TaskRecord, at: number): void {
  const { group } = task;
  task.endedAt = at;
  group.ended++;
  if (group.stored !== undefined) group.stored.leave(task.index);
}

/** Sets the result of a task, if the journal contains it. */
function keepResult(task: TaskRecord, detail: EndedTask | undefined): void {
  const { value, omitted } = detail ?? {};
  if (value !== undefined) task.note({ value });
  if (omitted !== undefined) task.note({ omitted });
}
