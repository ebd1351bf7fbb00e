/** The state of a pool as plain JSON data from which it can be made again, exactly. */

import type { ErrorData, GroupMethod, Json, Outcome, PoolKind, Retain } from '../events.ts';
import type { PoolStatus, TaskState } from './charts.ts';
import type { PoolTotals } from './pool-snapshot.ts';
import type { SourceStatus } from './records.ts';

/** A group: one that is known by its name, or one that was cancelled and has tasks left. */
export interface GroupCheckpoint {
  /** Its place in the order of creation; what its tasks call it by, since names may recur. */
  readonly ordinal: number;
  readonly name: string;
  readonly method: GroupMethod;
  readonly functionName: string;
  readonly planned?: number;
  readonly numConcurrent: number | null;
  readonly source: SourceStatus;
  readonly paused: boolean;
  readonly created: number;
  readonly ended: number;
}

/** A remembered task. */
export interface TaskCheckpoint {
  readonly id: number;
  /** The ordinal of its group. */
  readonly group: number;
  readonly index: number;
  readonly attempt: number;
  readonly state: TaskState;
  readonly startedAt?: number;
  readonly outcome?: Outcome;
  readonly progress?: Json;
  readonly reason?: Json;
  readonly error?: ErrorData;
}

/**
 * All that the fold needs to go on with the events after `seq` as if it had seen those before.
 * A {@link PoolSnapshot} says what a pool looks like, and less than this.
 */
export interface PoolCheckpoint {
  /** The version of the format: that of the events that follow. */
  readonly v: number;
  /** The `seq` of the last event in it. */
  readonly seq: number;
  readonly name: string;
  readonly kind: PoolKind;
  readonly status: PoolStatus;
  readonly poolSize: number | null;
  readonly retain: Retain;
  readonly totals: PoolTotals;
  /** How many groups there were ever. */
  readonly groupsCreated: number;
  readonly groups: readonly GroupCheckpoint[];
  readonly tasks: readonly TaskCheckpoint[];
  /** The ids of those that run and are not being cancelled, in order of start. */
  readonly running: readonly number[];
  /** The ids of those that have ended, in order of ending. */
  readonly ended: readonly number[];
}
