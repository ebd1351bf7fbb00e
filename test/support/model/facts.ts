/** The facts about tasks and groups in the journal so far. */

import type {
  ErrorData,
  GroupMethod,
  Json,
  Outcome,
  PoolEvent,
  SourceStatus,
  TaskSnapshot,
  TaskState,
  TimeoutKind,
} from 'xstate-taskpool';

/** The facts about a task. */
export interface TaskFacts {
  readonly id: number;
  readonly group: GroupFacts;
  readonly index: number;
  readonly events: PoolEvent[];
  attempt: number;
  state: TaskState;
  isRemembered: boolean;
  readonly queuedAt: number;
  endedAt?: number;
  startedAt?: number;
  /** Undefined, not absent, once the next attempt has begun, like in the contexts of actors. */
  placedBy?: string | undefined;
  placedAt?: number;
  outcome?: Outcome;
  progress?: Json;
  reason?: Json;
  error?: ErrorData;
  failures?: number;
  lastError?: ErrorData;
  retryAt?: number;
  interruptions?: number;
  timedOut?: TimeoutKind;
}

/** The facts about a group. */
export interface GroupFacts {
  readonly name: string;
  readonly method: GroupMethod;
  readonly functionName: string;
  readonly planned: number | undefined;
  numConcurrent: number;
  source: SourceStatus;
  /** The error of the source. */
  failure: ErrorData | undefined;
  /** How many tasks had ended by then. */
  failedAfter: number;
  isPaused: boolean;
  isKnown: boolean;
  readonly tasks: TaskFacts[];
  /** In the order in which they started. */
  readonly started: TaskFacts[];
  /** In the order in which they ended. */
  readonly ended: TaskFacts[];
}

export const isLive = ({ state }: TaskFacts) => state !== 'ended';
export const holdsSlot = (task: TaskFacts) => task.startedAt !== undefined && isLive(task);
export const slotsOf = ({ tasks }: { readonly tasks: readonly TaskFacts[] }) =>
  tasks.filter(holdsSlot).length;
export const headOf = ({ tasks }: GroupFacts) => tasks.find(({ state }) => state === 'queued');
export const hasRoom = (group: GroupFacts) =>
  !group.isPaused && slotsOf(group) < group.numConcurrent;
/** Its waiting tasks, and the known items that are no tasks yet. */
export const pendingOf = ({ source, planned, tasks }: GroupFacts) => {
  const unmade = planned === undefined ? 1 : Math.max(0, planned - tasks.length);
  const waiting = tasks.filter(({ state }) => state === 'queued' || state === 'delayed').length;
  return waiting + (source === 'open' ? unmade : 0);
};
export const isDone = (group: GroupFacts) =>
  group.source !== 'open' && group.ended.length === group.tasks.length;

/** Whether values would be missing if the group were cancelled now, however its running tasks end. */
export const isIncomplete = (group: GroupFacts) =>
  headOf(group) !== undefined ||
  group.tasks.some(({ state }) => state === 'delayed') ||
  (group.source === 'open' && group.tasks.length !== group.planned);

/** A task as the pool's snapshot shows it. */
export function snapshotOf(task: TaskFacts): TaskSnapshot {
  const { id, group, index, state, isRemembered, events, placedBy, ...notes } = task;
  const placed = placedBy === undefined ? {} : { placedBy };
  return { id, group: group.name, index, state, ...notes, ...placed };
}
