/** Restores the state of a pool from checkpoint data. */

import { EVENT_VERSION, type LimitNumbers } from '../events/events.ts';
import { DELAYED, ENDED, poolChart, TASK_STATES } from './charts.ts';
import type {
  GroupCheckpoint,
  LimitKeyCheckpoint,
  PoolCheckpoint,
  TaskCheckpoint,
} from './checkpoint.ts';
import { identityOf } from './group-identity.ts';
import { LimitRecords } from './limit-records.ts';
import { limitFromJson } from './limits.ts';
import { PoolState } from './pool-state.ts';
import type { GroupRecord, RecordMakers, TaskNotes, TaskRecord } from './records.ts';

/** How many records make a step of {@link rehydrating}: some milliseconds. */
const STEP = 1_000;

/**
 * The state of a checkpoint, see `capture.ts`.
 *
 * @throws RangeError if it is of another version.
 */
export function rehydrate<T extends TaskRecord, G extends GroupRecord>(
  data: PoolCheckpoint,
  makers: RecordMakers<T, G>,
): PoolState<T, G> {
  const steps = rehydrating(data, makers);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Like {@link rehydrate}, in steps between which other work can run. */
export function* rehydrating<T extends TaskRecord, G extends GroupRecord>(
  data: PoolCheckpoint,
  makers: RecordMakers<T, G>,
): Generator<undefined, PoolState<T, G>> {
  // Checkpoints, which were introduced in version 2, have not changed since.
  const v = data?.v;
  if (v !== EVENT_VERSION && v !== 2) {
    throw new RangeError(`expected a checkpoint of version 2 to ${EVENT_VERSION}, got ${v}`);
  }
  const state = new PoolState<T, G>(data.name);
  state.seq = data.seq;
  state.uid = data.uid ?? '';
  state.epoch = data.epoch ?? 0;
  state.kind = data.kind;
  state.poolSize = limitFromJson(data.poolSize);
  state.retain = data.retain;
  state.paused = data.paused ?? false;
  state.suspended = data.suspended ?? false;
  Object.assign(state.totals, data.totals);
  state.statusCode = poolChart.code(data.status);
  if (data.limits !== undefined) state.limits = restoreLimits(data.limits, data.limitKeys ?? []);
  const groups = new Map<number, G>();
  for (const each of data.groups) {
    groups.set(each.ordinal, restoreGroup(state, each, makers));
    if (groups.size % STEP === 0) yield;
  }
  state.groups.entered = data.groupsCreated;
  const { tasks } = state;
  for (const each of data.tasks) {
    restoreTask(state, each, groups.get(each.group) as G, makers);
    if (tasks.size % STEP === 0) yield;
  }
  for (const id of data.running) state.running.push(tasks.get(id) as T);
  for (const id of data.ended) state.ended.push(tasks.get(id) as T);
  return state;
}

function restoreLimits(
  numbers: Readonly<Record<string, LimitNumbers>>,
  keys: readonly LimitKeyCheckpoint[],
): LimitRecords {
  const limits = new LimitRecords(numbers);
  for (const { limit, key, starts, pausedUntil } of keys) {
    const record = limits.get(limit);
    for (const start of starts) record?.start(key, start);
    // All of them matter still.
    if (pausedUntil !== undefined) record?.pause(key, pausedUntil, Number.NEGATIVE_INFINITY);
  }
  return limits;
}

function restoreGroup<T extends TaskRecord, G extends GroupRecord>(
  state: PoolState<T, G>,
  { ordinal, fields, source, paused, created, ended, supply, submitted }: GroupCheckpoint,
  makers: RecordMakers<T, G>,
): G {
  const group = makers.group(identityOf(fields));
  group.ordinal = ordinal;
  group.source = source;
  group.paused = paused;
  group.created = created;
  group.ended = ended;
  if (supply !== undefined) group.stored?.supply(supply);
  if (submitted !== undefined && group.stored !== undefined) group.stored.submitted = submitted;
  if (source === 'open') state.expectItems(group);
  if (source === 'cancelled') state.cancelled.add(group);
  else state.groups.restore(group);
  return group;
}

function restoreTask<T extends TaskRecord, G extends GroupRecord>(
  state: PoolState<T, G>,
  data: TaskCheckpoint,
  group: G,
  makers: RecordMakers<T, G>,
): T {
  const { id, index, startedAt, endedAt, outcome, item, queuedAt = 0 } = data;
  const task = makers.task(id, group, index);
  task.state = TASK_STATES.indexOf(data.state);
  task.queuedAt = queuedAt;
  task.startedAt = startedAt;
  task.endedAt = endedAt;
  task.outcome = outcome;
  if (data.placedAt !== undefined) task.placedAt = data.placedAt;
  if (data.epoch !== undefined) task.epoch = data.epoch;
  const notes = notesOf(data);
  if (notes !== undefined) task.note(notes);
  if (item !== undefined) group.stored?.enter(index, item);
  count(state, task);
  return task;
}

/** Adds a task to the tables and counters of the state; tasks must be added in the order of their ids. */
function count<T extends TaskRecord>(state: PoolState<T, GroupRecord>, task: T): void {
  const { group } = task;
  state.counts[task.state]!++;
  state.tasks.add(task.id, task);
  group.push(task);
  if (task.state === DELAYED) group.delayed++;
  if (task.startedAt === undefined || task.state === ENDED) return;
  state.slots++;
  group.slots++;
}

/** The names of all notes of a task. */
const NOTES: ReadonlySet<string> = new Set(
  Object.keys({
    placedBy: true,
    progress: true,
    reason: true,
    error: true,
    value: true,
    omitted: true,
    failures: true,
    lastError: true,
    retryAt: true,
    interruptions: true,
    timedOut: true,
    priority: true,
    keys: true,
  } satisfies Record<Exclude<keyof TaskNotes, 'attempt'>, true>),
);

/** The notes of a task; undefined for most. */
function notesOf(data: TaskCheckpoint): TaskNotes | undefined {
  const { attempt } = data;
  let notes: Record<string, unknown> | undefined = attempt === 1 ? undefined : { attempt };
  // Iterates over its existing fields: reading all possible ones takes fifteen times as long.
  for (const name in data) {
    if (!NOTES.has(name)) continue;
    notes ??= {};
    notes[name] = data[name as keyof TaskCheckpoint];
  }
  return notes;
}
