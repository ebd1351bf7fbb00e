/** The data of a checkpoint: the state of a pool as plain JSON from which it can be restored exactly. */

import type { EventFields, Json, LimitKey, LimitNumbers } from '../events/events.ts';
import type { PoolSnapshot, TaskSnapshot } from './pool-snapshot.ts';
import type { SourceStatus } from './records.ts';

/** A group that is known by its name, or a cancelled one that has remembered tasks. */
export interface GroupCheckpoint {
  /** Its place in the order of creation. Tasks refer to their group by it, since names can be reused. */
  readonly ordinal: number;
  /** The fields of its creation, with its current `numConcurrent` and priority. */
  readonly fields: EventFields['group.created'];
  /** The status of its source. */
  readonly source: SourceStatus;
  /** Whether it is paused. */
  readonly paused: boolean;
  /** How many of its tasks were created. */
  readonly created: number;
  /** How many of its tasks have ended. */
  readonly ended: number;
  /** The stored items or calls of `submit` that are no tasks yet. */
  readonly supply?: readonly Json[];
  /** How many calls of `submit` there have been, in a group that stores them. */
  readonly submitted?: number;
}

/** A remembered task. */
export interface TaskCheckpoint extends Omit<TaskSnapshot, 'group' | 'queuedAt'> {
  /** The ordinal of its group. */
  readonly group: number;
  /** When it was created: milliseconds since the epoch. Absent in checkpoints of older versions. */
  readonly queuedAt?: number;
  /** Its stored item or call, if it has not ended and not all tasks have the same. */
  readonly item?: Json;
  /** The epoch of the pool in which its current attempt started, if that is not the current epoch. */
  readonly epoch?: number;
}

/**
 * The complete state of a pool after the event `seq`, from which the following events can be applied. A
 * {@link PoolSnapshot} contains less.
 */
export interface PoolCheckpoint
  extends Pick<
    PoolSnapshot,
    'seq' | 'name' | 'kind' | 'status' | 'suspended' | 'poolSize' | 'retain' | 'totals'
  > {
  /** Whether the pool was paused. Absent in checkpoints of version 2, whose pools could not be paused. */
  readonly paused?: boolean;
  /** The globally unique id of the pool. Absent for older journals without one. */
  readonly uid?: string;
  /** How often it was recovered. Absent for 0. */
  readonly epoch?: number;
  /** The version of the format, the same as that of the events. */
  readonly v: number;
  /** How many groups were ever created. */
  readonly groupsCreated: number;
  /** The groups, in order of creation. */
  readonly groups: readonly GroupCheckpoint[];
  /** The remembered tasks, in order of creation. */
  readonly tasks: readonly TaskCheckpoint[];
  /** The ids of tasks that run and are not being cancelled, in order of start. */
  readonly running: readonly number[];
  /** The ids of remembered ended tasks, in order of ending. */
  readonly ended: readonly number[];
  /** The limits of the pool, by their names, if it has any. */
  readonly limits?: Readonly<Record<string, LimitNumbers>>;
  /** The keys of limits with starts that still count, or a pause, if there are any. */
  readonly limitKeys?: readonly LimitKeyCheckpoint[];
}

/** A key of a limit with starts that still count, or a pause. */
export interface LimitKeyCheckpoint {
  /** The name of the limit. */
  readonly limit: string;
  readonly key: LimitKey;
  /** The starts that its rate counts: milliseconds since the epoch. */
  readonly starts: readonly number[];
  /** Until when it is paused, if it is: milliseconds since the epoch. */
  readonly pausedUntil?: number;
}
