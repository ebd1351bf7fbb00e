/** The state of a pool as plain JSON data. */

import { defined } from '../events/event-columns.ts';
import type {
  ErrorData,
  GroupMethod,
  Json,
  LimitKey,
  Outcome,
  PoolKind,
  Retain,
  TimeoutKind,
} from '../events/events.ts';
import { type PoolStatus, TASK_STATES, type TaskState } from './charts.ts';
import { limitToJson } from './limits.ts';
import type { PoolState } from './pool-state.ts';
import type { GroupRecord, PoolTotals, SourceStatus, TaskRecord } from './records.ts';

/** A remembered task. */
export interface TaskSnapshot {
  readonly id: number;
  readonly group: string;
  readonly index: number;
  readonly attempt: number;
  /** Its own, where it has one. */
  readonly priority?: number;
  /** By the names of limits: the keys that they count it by. */
  readonly keys?: Readonly<Record<string, LimitKey>>;
  readonly state: TaskState;
  /** When it was made: milliseconds since the epoch. */
  readonly queuedAt: number;
  /** When its present attempt, or its last one, started. */
  readonly startedAt?: number;
  /** Where that runs, if not here: a thread or a worker. */
  readonly placedBy?: string;
  /** When it was begun there. */
  readonly placedAt?: number;
  readonly endedAt?: number;
  readonly outcome?: Outcome;
  readonly progress?: Json;
  readonly reason?: Json;
  readonly error?: ErrorData;
  /** What it returned, where results are kept in the journal. */
  readonly value?: Json;
  /** There if that is not kept: it was too large, or JSON would change it. */
  readonly omitted?: true;
  /** How many failed attempts were to be followed by another one. */
  readonly failures?: number;
  /** What the last of them threw. */
  readonly lastError?: ErrorData;
  /** When it was to be queued again after that: milliseconds since the epoch. */
  readonly retryAt?: number;
  /** How often a process died while it ran the task. */
  readonly interruptions?: number;
  /** The time limit that it reached last. */
  readonly timedOut?: TimeoutKind;
}

/** A group that is known by its name. `numConcurrent: null` means no limit. */
export interface GroupSnapshot {
  readonly name: string;
  readonly method: GroupMethod;
  readonly functionName: string;
  readonly numConcurrent: number | null;
  readonly planned?: number;
  readonly source: SourceStatus;
  readonly paused: boolean;
  /** Of its tasks, if it is not 0. */
  readonly priority?: number;
  /** How many stored calls of `submit` wait and are no tasks yet; of a pool that stores them. */
  readonly waiting?: number;
  readonly created: number;
  readonly ended: number;
  readonly running: number;
  /** Tasks that have failed and will be run again. */
  readonly delayed: number;
}

/** The whole state of a pool. `poolSize: null` means no limit. */
export interface PoolSnapshot {
  /** The `seq` of the last event in it. */
  readonly seq: number;
  readonly name: string;
  readonly kind: PoolKind;
  readonly status: PoolStatus;
  /** Whether no tasks start until `resume()`. */
  readonly paused: boolean;
  /** There if the pool was suspended, and was not recovered since. */
  readonly suspended?: true;
  readonly poolSize: number | null;
  readonly retain: Retain;
  readonly numQueued: number;
  readonly numRunning: number;
  readonly numDelayed: number;
  readonly numCancelled: number;
  readonly numEnded: number;
  readonly totals: PoolTotals;
  readonly groups: readonly GroupSnapshot[];
  readonly tasks: readonly TaskSnapshot[];
}

/** Which tasks to list. */
export interface TaskFilter {
  /** Only those in this state. */
  readonly state?: TaskState | undefined;
  /** Only those of the group of this name. */
  readonly group?: string | undefined;
  /** Only those with a smaller id than this. */
  readonly before?: number | undefined;
  /** At most this many of those, the last ones. */
  readonly last?: number | undefined;
}

/** What to leave out of a snapshot. */
export interface SnapshotOptions {
  /** Whether to list the tasks, or which; without them it costs its groups only. Default: true. */
  readonly tasks?: boolean | TaskFilter;
}

/** Takes the deep-frozen snapshot of a state. */
export function takeSnapshot(state: PoolState, options: SnapshotOptions = {}): PoolSnapshot {
  const { tasks = true } = options;
  return Object.freeze({
    ...headOf(state),
    numQueued: state.numQueued,
    numRunning: state.numRunning,
    numDelayed: state.numDelayed,
    numCancelled: state.numCancelled,
    numEnded: state.numEnded,
    totals: Object.freeze({ ...state.totals }),
    groups: Object.freeze(Array.from(state.groups, groupSnapshot)),
    tasks: Object.freeze(listTasks(state, tasks).map(taskSnapshot)),
  });
}

/** What a pool is, apart from its groups, tasks, and counts. */
export function headOf(state: PoolState) {
  return {
    seq: state.seq,
    name: state.name,
    kind: state.kind,
    status: state.status,
    paused: state.paused,
    ...(state.suspended ? { suspended: true as const } : {}),
    poolSize: limitToJson(state.poolSize),
    retain: state.retain,
  } satisfies Partial<PoolSnapshot>;
}

function listTasks(state: PoolState, which: boolean | TaskFilter): TaskRecord[] {
  if (which === false) return [];
  if (which === true) return [...state.tasks];
  const { group, before, last = Number.POSITIVE_INFINITY } = which;
  const wanted = which.state === undefined ? undefined : TASK_STATES.indexOf(which.state);
  let unseen = wanted === undefined ? state.tasks.size : state.numIn(wanted);
  const tasks: TaskRecord[] = [];
  // The youngest first: there is a last one to look for, and it may come soon.
  for (const task of group === undefined ? state.tasks.backwards(before) : tasksOf(state, group)) {
    if (before !== undefined && task.id >= before) continue;
    if (unseen === 0 || tasks.length >= last) break;
    if (wanted !== undefined && task.state !== wanted) continue;
    unseen--;
    tasks.push(task);
  }
  return tasks.reverse();
}

/** The tasks of all groups that have, or had, a name: the youngest first. */
function tasksOf(state: PoolState, name: string): TaskRecord[] {
  const former = Array.from(state.cancelled).filter((group) => group.name === name);
  const present = state.groups.get(name);
  return [...former, ...(present === undefined ? [] : [present])]
    .flatMap((group) => group.tasks)
    .sort((a, b) => b.id - a.id);
}

/** A group as plain data. */
export function groupSnapshot(group: GroupRecord): GroupSnapshot {
  const { method, functionName, planned } = group.identity.kind;
  const { name, numConcurrent, source, paused, priority, stored, created, ended, delayed } = group;
  return Object.freeze(
    defined({
      name,
      method,
      functionName,
      numConcurrent,
      planned,
      source,
      paused,
      priority: priority === 0 ? undefined : priority,
      waiting: stored?.submitted === undefined ? undefined : stored.numLeft,
      created,
      ended,
      running: group.slots,
      delayed,
    }),
  );
}

/** A task as plain data. */
export function taskSnapshot(task: TaskRecord): TaskSnapshot {
  return Object.freeze({ id: task.id, group: task.group.name, ...knownOf(task) });
}

/** What is known of a task besides its id and its group. */
export function knownOf(task: TaskRecord): Omit<TaskSnapshot, 'id' | 'group'> {
  const { index, attempt, state, queuedAt, startedAt, placedAt, endedAt, outcome, notes } = task;
  return defined({
    index,
    attempt,
    priority: notes.priority,
    keys: freezeJson(notes.keys),
    state: TASK_STATES[state] as TaskState,
    queuedAt,
    startedAt,
    placedBy: notes.placedBy,
    placedAt,
    endedAt,
    outcome,
    progress: freezeJson(notes.progress),
    reason: freezeJson(notes.reason),
    error: freezeJson(notes.error),
    value: freezeJson(notes.value),
    omitted: notes.omitted,
    failures: notes.failures,
    lastError: freezeJson(notes.lastError),
    retryAt: notes.retryAt,
    interruptions: notes.interruptions,
    timedOut: notes.timedOut,
  });
}

/** Freezes plain data all the way down. */
export function freezeJson<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) freezeJson(part);
    Object.freeze(value);
  }
  return value;
}
