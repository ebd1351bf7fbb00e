/** The counts in the context of the pool's actor, for inspectors and other xstate tools. */

import type { PoolCounts } from '../../machines/pool-machine.ts';
import type { PoolState } from '../../machines/pool-state.ts';

/**
 * The counts of a pool. The actor receives no task events, so they are read on access: an inspector gets the values at
 * that moment.
 */
export function countsOf(state: PoolState): PoolCounts {
  const { totals } = state;
  return {
    get queued() {
      return state.numQueued;
    },
    get running() {
      return state.numRunning;
    },
    get delayed() {
      return state.numDelayed;
    },
    get fulfilled() {
      return totals.fulfilled;
    },
    get rejected() {
      return totals.rejected;
    },
    get cancelled() {
      return totals.cancelled;
    },
  };
}
