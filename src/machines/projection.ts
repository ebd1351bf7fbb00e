/** Projections: incremental folds over the events of a pool or journal, written by anyone. */

import type { PoolEvent } from '../events/events.ts';
import type { PoolCheckpoint } from './checkpoint.ts';

/**
 * A view of a pool that is computed from its events only: counts, statistics, a table, the whole state. The same
 * projection works for a running pool and for a journal, see `project`.
 */
export interface Projection<S> {
  /**
   * The state before the first event.
   *
   * @param from the checkpoint before the first event, if the journal no longer holds earlier events; undefined if
   * the events start at `seq` 0.
   */
  initial(from?: PoolCheckpoint): S;
  /** The state after one more event: a new object, or the given one modified in place. */
  apply(state: S, event: PoolEvent): S;
}
