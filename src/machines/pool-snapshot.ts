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
  /** The id of the task in its pool. */
  readonly id: number;
  /** The name of its group. */
  readonly group: string;
  /** Its place in its group, from 0. */
  readonly index: number;
  /** The number of its current or last attempt, from 1. */
  readonly attempt: number;
  /** Its own priority, if it has one. */
  readonly priority?: number;
  /** The keys by which limits count it, by the names of the limits. */
  readonly keys?: Readonly<Record<string, LimitKey>>;
  readonly state: TaskState;
  /** When it was created: milliseconds since the epoch. */
  readonly queuedAt: number;
  /** When its current or last attempt started: milliseconds since the epoch. */
  readonly startedAt?: number;
  /** The thread or worker that runs its function, if it is remote. */
  readonly placedBy?: string;
  /** When its function started there: milliseconds since the epoch. */
  readonly placedAt?: number;
  /** When it ended: milliseconds since the epoch. */
  readonly endedAt?: number;
  /** How it ended, if it has. */
  readonly outcome?: Outcome;
  /** The progress that its function reported last. */
  readonly progress?: Json;
  /** The reason it was cancelled with. */
  readonly reason?: Json;
  /** The error it was rejected with. */
  readonly error?: ErrorData;
  /** What it returned, if results are stored in the journal. */
  readonly value?: Json;
  /** Present if its result was not stored because it is too large or JSON would change it. */
  readonly omitted?: true;
  /** How many failed attempts were retried, or are to be. */
  readonly failures?: number;
  /** The error of the last failed attempt that was retried, or is to be. */
  readonly lastError?: ErrorData;
  /** When it was or will be queued again after the last failure: milliseconds since the epoch. */
  readonly retryAt?: number;
  /** How often a process died while running the task. */
  readonly interruptions?: number;
  /** The last time limit that it reached. */
  readonly timedOut?: TimeoutKind;
}

/** A group that is known by its name. `numConcurrent: null` means no limit. */
export interface GroupSnapshot {
  readonly name: string;
  /** The method that created it. */
  readonly method: GroupMethod;
  /** The name of its function, or the name under which that is registered. */
  readonly functionName: string;
  /** How many of its tasks may run at once; `null` for no limit. */
  readonly numConcurrent: number | null;
  /** How many tasks there will be, if the source has a length. */
  readonly planned?: number;
  /** The status of its source. */
  readonly source: SourceStatus;
  /** Whether it is paused. */
  readonly paused: boolean;
  /** The priority of its tasks, if it is not 0. */
  readonly priority?: number;
  /** How many stored calls of `submit` wait and are no tasks yet, in a pool that stores them. */
  readonly waiting?: number;
  /** How many of its tasks were created. */
  readonly created: number;
  /** How many of its tasks have ended. */
  readonly ended: number;
  /** How many of its tasks hold a slot. */
  readonly running: number;
  /** How many of its tasks have failed and will be retried. */
  readonly delayed: number;
}

/** The whole state of a pool. `poolSize: null` means no limit. */
export interface PoolSnapshot {
  /** The `seq` of the last event that it includes. */
  readonly seq: number;
  readonly name: string;
  readonly kind: PoolKind;
  readonly status: PoolStatus;
  /** Whether no tasks start until `resume()`. */
  readonly paused: boolean;
  /** Present if the pool was suspended and has not been recovered since. */
  readonly suspended?: true;
  /** How many tasks may run at once; `null` for no limit. */
  readonly poolSize: number | null;
  /** Which ended tasks the pool remembers. */
  readonly retain: Retain;
  /** Tasks that wait for a slot. */
  readonly numQueued: number;
  /** Tasks that run, including those whose signal is aborted but whose functions have not settled. */
  readonly numRunning: number;
  /** Tasks that have failed and wait for their next attempt. */
  readonly numDelayed: number;
  /** Cancelled tasks whose cancel callbacks are running. */
  readonly numCancelled: number;
  /** Ended tasks that are remembered. */
  readonly numEnded: number;
  /** Counts of tasks since the pool was created. */
  readonly totals: PoolTotals;
  /** The groups that are known by their names, in order of creation. */
  readonly groups: readonly GroupSnapshot[];
  /** The remembered tasks, in order of creation. */
  readonly tasks: readonly TaskSnapshot[];
}

/** Which tasks to list in a snapshot. */
export interface TaskFilter {
  /** Only tasks in this state. Default: any. */
  readonly state?: TaskState | undefined;
  /** Only tasks of the group with this name. Default: any. */
  readonly group?: string | undefined;
  /** Only tasks with a smaller id. Default: any. */
  readonly before?: number | undefined;
  /** Only the last tasks, at most this many. Default: all. */
  readonly last?: number | undefined;
}

/** Options of a snapshot. */
export interface SnapshotOptions {
  /** Whether to list tasks, or which; without tasks the cost only depends on the number of groups. Default: true. */
  readonly tasks?: boolean | TaskFilter;
}

/** Takes the deep-frozen snapshot of a state. */
export function takeSnapshot(state: PoolState, options: SnapshotOptions = {}): PoolSnapshot {
  const { tasks = true } = options;
  return freezeJson({
    ...headOf(state),
    numQueued: state.numQueued,
    numRunning: state.numRunning,
    numDelayed: state.numDelayed,
    numCancelled: state.numCancelled,
    numEnded: state.numEnded,
    totals: { ...state.totals },
    groups: Array.from(state.groups, groupSnapshot),
    tasks: listTasks(state, tasks).map(taskSnapshot),
  });
}

/** The properties of a pool apart from its groups, tasks and counts. */
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
  // The youngest first, so that the search can end early.
  for (const task of group === undefined ? state.tasks.backwards(before) : tasksOf(state, group)) {
    if (before !== undefined && task.id >= before) continue;
    if (unseen === 0 || tasks.length >= last) break;
    if (wanted !== undefined && task.state !== wanted) continue;
    unseen--;
    tasks.push(task);
  }
  return tasks.reverse();
}

/** The tasks of all groups with this name, including cancelled ones: the youngest first. */
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

/** The data of a task besides its id and its group. */
export function knownOf(task: TaskRecord): Omit<TaskSnapshot, 'id' | 'group'> {
  const { index, attempt, state, queuedAt, startedAt, placedAt, endedAt, outcome, notes } = task;
  const name = TASK_STATES[state] as TaskState;
  const times = { queuedAt, startedAt, placedAt, endedAt };
  freezeJson(notes);
  return defined({ index, attempt, state: name, ...times, outcome, ...notes });
}

/** Freezes plain data deeply. */
export function freezeJson<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) freezeJson(part);
    Object.freeze(value);
  }
  return value;
}
