/** The data of a checkpoint: the state of a pool as plain JSON from which it can be restored exactly. */

import type { EventFields, Json, LimitKey, LimitNumbers } from '../events/events.ts';
import type { PoolSnapshot, TaskSnapshot } from './pool-snapshot.ts';
import type { SourceStatus } from './records.ts';

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
