/** The counts in the context of the pool's actor, for inspectors and other xstate tools. */

import type { PoolCounts, PoolFacts } from '../../machines/pool-machine.ts';
import type { PoolState } from '../../machines/pool-state.ts';

/**
 * Adds the counts of the pool to a context. The actor receives no task events, so the counts are read on access: an
 * inspector gets the values at that moment.
 */
export function withCounts(context: PoolFacts, state: PoolState): PoolFacts {
  const get = (): PoolCounts => {
    const { numQueued, numRunning, numDelayed, totals } = state;
    const { fulfilled, rejected, cancelled } = totals;
    return {
      queued: numQueued,
      running: numRunning,
      delayed: numDelayed,
      fulfilled,
      rejected,
      cancelled,
    };
  };
  return Object.defineProperty(context, 'counts', { get, enumerable: true, configurable: true });
}
