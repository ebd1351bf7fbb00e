/** What one looks at of a state that has fewer tasks than there were. */

import { type PoolSnapshot, rebuilding } from '../../index.ts';
import type { HistoryState } from './pool-history.ts';

/** The snapshot of a state; what was left out of it is counted. */
export function snapshotOf({ state, omitted }: HistoryState): PoolSnapshot {
  const snapshot = rebuilding.initial(state).snapshot();
  return omitted === 0 ? snapshot : { ...snapshot, numEnded: snapshot.numEnded + omitted };
}
