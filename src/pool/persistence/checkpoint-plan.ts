/** When checkpoints are stored, and what happens to the events they replace. */

import type { Prune } from '../../journal/event-store.ts';

/** Options of `pool.checkpoint()`. */
export interface CheckpointOptions {
  /** Which of the events that the checkpoint replaces to drop from the store. Default: false, none. */
  readonly prune?: Prune;
}

/** How often checkpoints are stored. */
export interface CheckpointPlan extends CheckpointOptions {
  /** After how many events, a positive integer. */
  readonly every: number;
}
