/** What a journal has said so far of tasks and groups. */

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

/** What is known of a task. */
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
  /** Undefined, and not gone, where the next attempt has begun: so do the contexts of actors have it. */
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

/** What is known of a group. */
export interface GroupFacts {
  readonly name: string;
  readonly method: GroupMethod;
  readonly functionName: string;
  readonly planned: number | undefined;
  numConcurrent: number;
  source: SourceStatus;
  /** What the source threw. */
  failure: ErrorData | undefined;
  /** How many tasks had ended when it did. */
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
/** Its tasks that wait, and the items that are known to become such. */
export const pendingOf = ({ source, planned, tasks }: GroupFacts) => {
  const unmade = planned === undefined ? 1 : Math.max(0, planned - tasks.length);
  const waiting = tasks.filter(({ state }) => state === 'queued' || state === 'delayed').length;
  return waiting + (source === 'open' ? unmade : 0);
};
export const isDone = (group: GroupFacts) =>
  group.source !== 'open' && group.ended.length === group.tasks.length;

/** Whether values would be missing if it were cancelled now, whatever becomes of what runs. */
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
