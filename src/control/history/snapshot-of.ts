/** Converts a state from the history to a snapshot. */

import { type PoolSnapshot, rebuilding } from '../../index.ts';
import type { HistoryState } from './pool-history.ts';

/** The snapshot of a state; left out tasks are counted as ended. */
export function snapshotOf({ state, omitted }: HistoryState): PoolSnapshot {
  const snapshot = rebuilding.initial(state).snapshot();
  return omitted === 0 ? snapshot : { ...snapshot, numEnded: snapshot.numEnded + omitted };
}
