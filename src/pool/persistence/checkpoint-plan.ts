/** When checkpoints are stored, and what happens to the events they replace. */

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
