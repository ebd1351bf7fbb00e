/** The state of a pool as plain JSON data from which it can be made again, exactly. */

import {
  EVENT_VERSION,
  type EventFields,
  type Json,
  type LimitKey,
  type LimitNumbers,
} from '../events/events.ts';
import { ENDED, TASK_STATES } from './charts.ts';
import { identityOf } from './group-identity.ts';
import { LimitRecords } from './limit-records.ts';
import { limitFromJson } from './limits.ts';
import { knownOf, type PoolSnapshot, type TaskSnapshot } from './pool-snapshot.ts';
import { PoolState } from './pool-state.ts';
import {
  type GroupRecord,
  NO_NOTES,
  type RecordMakers,
  type SourceStatus,
  type TaskNotes,
  type TaskRecord,
} from './records.ts';

/** A group: one that is known by its name, or one that was cancelled and has tasks left. */
export interface GroupCheckpoint {
  /** Its place in the order of creation; what its tasks call it by, since names may recur. */
  readonly ordinal: number;
  /** As if it were created now: with the limit and the priority that it has now. */
  readonly fields: EventFields['group.created'];
  readonly source: SourceStatus;
  readonly paused: boolean;
  readonly created: number;
  readonly ended: number;
  /** The stored items, or calls of `submit`, that no task was made of yet. */
  readonly supply?: readonly Json[];
  /** How many calls of `submit` there were, of a group that stores them. */
  readonly submitted?: number;
}

/** A remembered task. */
export interface TaskCheckpoint extends Omit<TaskSnapshot, 'group' | 'queuedAt'> {
  /** The ordinal of its group. */
  readonly group: number;
  /** Milliseconds since the epoch. Not there in checkpoints of older versions. */
  readonly queuedAt?: number;
  /** What it is called with, if that is stored, it has not ended, and not all have the same. */
  readonly item?: Json;
  /** The epoch of the pool that its present attempt has started in, where that is over. */
  readonly epoch?: number;
}

/**
 * All that the fold needs to continue with the events after `seq` as if it had seen those before.
 * A {@link PoolSnapshot} says what a pool looks like, and less than this.
 */
export interface PoolCheckpoint
  extends Pick<
    PoolSnapshot,
    'seq' | 'name' | 'kind' | 'status' | 'suspended' | 'poolSize' | 'retain' | 'totals'
  > {
  /** Not there in checkpoints of version 2, whose pools could not be paused. */
  readonly paused?: boolean;
  /** Tells it from every other pool. Not there in checkpoints of journals that do not say it. */
  readonly uid?: string;
  /** How often it was recovered, if it was. */
  readonly epoch?: number;
  /** The version of the format: that of the events that follow. */
  readonly v: number;
  /** How many groups there were ever. */
  readonly groupsCreated: number;
  readonly groups: readonly GroupCheckpoint[];
  readonly tasks: readonly TaskCheckpoint[];
  /** The ids of those that run and are not being cancelled, in order of start. */
  readonly running: readonly number[];
  /** The ids of those that have ended, in order of ending. */
  readonly ended: readonly number[];
  /** What limits allow, by their names, if the pool has any. */
  readonly limits?: Readonly<Record<string, LimitNumbers>>;
  /** Their keys of which something matters that has happened, if there are any. */
  readonly limitKeys?: readonly LimitKeyCheckpoint[];
}

/** A key of a limit of which something matters that has happened. */
export interface LimitKeyCheckpoint {
  /** The name of the limit. */
  readonly limit: string;
  readonly key: LimitKey;
  /** When the tasks have started that its rate counts: milliseconds since the epoch. */
  readonly starts: readonly number[];
  /** Until when it is paused, if it is. */
  readonly pausedUntil?: number;
}

/** The keys of limits of which something matters that has happened. */
export function* limitKeysData(limits: LimitRecords | undefined): Generator<LimitKeyCheckpoint> {
  for (const [limit, { numbers, keys }] of limits ?? []) {
    const per = numbers.rate?.per ?? 0;
    for (const { key, starts, pausedUntil } of keys) {
      const last = starts.fromEnd(1) ?? 0;
      const paused = pausedUntil === 0 ? {} : { pausedUntil };
      yield { limit, key, starts: starts.after(last - per), ...paused };
    }
  }
}

/** What limits allow, by their names; undefined if there are none. */
export function limitsData(limits: LimitRecords | undefined): PoolCheckpoint['limits'] {
  if (limits === undefined) return undefined;
  return Object.fromEntries(Array.from(limits, ([name, { numbers }]) => [name, numbers]));
}

/** A group as data. */
export function groupData(group: GroupRecord): GroupCheckpoint {
  const { identity, ordinal, source, paused, created, ended, stored } = group;
  const { numConcurrent, priority } = group;
  return {
    ordinal,
    fields: {
      ...identity.created,
      numConcurrent,
      ...(priority === identity.kind.priority ? {} : { priority }),
    },
    source,
    paused,
    created,
    ended,
    ...(stored === undefined || stored.numLeft === 0 ? {} : { supply: stored.rest }),
    ...(stored?.submitted === undefined ? {} : { submitted: stored.submitted }),
  };
}

/** A remembered task as data. */
export function taskData(task: TaskRecord): TaskCheckpoint {
  const { id, group, index, epoch } = task;
  const item = group.stored?.own(index);
  const isPlain = task.notes === NO_NOTES && item === undefined && epoch === undefined;
  if (isPlain && task.state === ENDED) {
    const { queuedAt, startedAt, placedAt, endedAt, outcome } = task;
    // Most are like this, and there may be many: in one literal it costs a tenth.
    if (
      startedAt !== undefined &&
      placedAt === undefined &&
      endedAt !== undefined &&
      outcome !== undefined
    ) {
      // biome-ignore format: one literal
      return {
        id, group: group.ordinal, index, attempt: 1, state: 'ended', queuedAt, startedAt, endedAt,
        outcome,
      };
    }
  }
  const data = { id, group: group.ordinal, ...knownOf(task) };
  if (item === undefined && epoch === undefined) return data;
  return {
    ...data,
    ...(item === undefined ? {} : { item }),
    ...(epoch === undefined ? {} : { epoch }),
  };
}

/** How many records make a step of {@link rehydrating}: some milliseconds. */
const STEP = 1_000;

/**
 * The state that was made data of, see `capture.ts`.
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

/** As {@link rehydrate}, step by step: other work can run between the steps. */
export function* rehydrating<T extends TaskRecord, G extends GroupRecord>(
  data: PoolCheckpoint,
  makers: RecordMakers<T, G>,
): Generator<undefined, PoolState<T, G>> {
  // That of version 2, in which there were the first ones, is the same.
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
  state.restoreStatus(data.status);
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
  state.restoreGroup(group);
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
  state.restoreTask(task);
  return task;
}

/**
 * What events have said of a task besides; undefined for most. Property by property: looking them up by
 * name takes longer than all the rest of restoring a task.
 */
function notesOf(data: TaskCheckpoint): TaskNotes | undefined {
  const { progress, reason, error, value, omitted, priority, keys } = data;
  const { placedBy, attempt, failures, lastError, retryAt, interruptions, timedOut } = data;
  const isFirst = attempt === 1 && failures === undefined && lastError === undefined;
  const isPlain = isFirst && retryAt === undefined && interruptions === undefined;
  const isQuiet = progress === undefined && reason === undefined && error === undefined;
  const isBare = isQuiet && value === undefined && omitted === undefined;
  const isUsual =
    isBare &&
    timedOut === undefined &&
    placedBy === undefined &&
    priority === undefined &&
    keys === undefined;
  if (isPlain && isUsual) return undefined;
  return {
    ...(attempt === 1 ? {} : { attempt }),
    ...(placedBy === undefined ? {} : { placedBy }),
    ...(progress === undefined ? {} : { progress }),
    ...(reason === undefined ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
    ...(value === undefined ? {} : { value }),
    ...(omitted === undefined ? {} : { omitted }),
    ...(failures === undefined ? {} : { failures }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(interruptions === undefined ? {} : { interruptions }),
    ...(timedOut === undefined ? {} : { timedOut }),
    ...(priority === undefined ? {} : { priority }),
    ...(keys === undefined ? {} : { keys }),
  };
}
