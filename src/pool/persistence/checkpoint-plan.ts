/** When the state of a pool is stored, and what becomes of the events that it stands for. */

import type { Prune } from '../../journal/event-store.ts';

/** Options of `checkpoint`. */
export interface CheckpointOptions {
  /** Which events to drop that the checkpoint stands for. Default: false, none. */
  readonly prune?: Prune;
}

/** When checkpoints are stored. */
export interface CheckpointPlan extends CheckpointOptions {
  /** After how many events, from 1 on. */
  readonly every: number;
}
