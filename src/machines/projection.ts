/** Projections: incremental folds over the events of a pool or journal, written by anyone. */

import type { PoolEvent } from '../events/events.ts';
import type { PoolCheckpoint } from './checkpoint.ts';

/**
 * A view of a pool that is made of its events alone: counts, statistics, a table, the whole state.
 * The same projection serves a running pool and a journal, see `project`.
 */
export interface Projection<S> {
  /**
   * The state before the first event.
   *
   * @param from what is known of the events before, where the journal no longer holds them:
   * undefined if the events start at `seq` 0.
   */
  initial(from?: PoolCheckpoint): S;
  /** The state after one more event: a new one, or the given one after a change in place. */
  apply(state: S, event: PoolEvent): S;
}
