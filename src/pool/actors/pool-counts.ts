/** The counts in the context of the pool's actor, for inspectors and other xstate tools. */

import type { PoolCounts, PoolFacts } from '../../machines/pool-machine.ts';
import type { PoolState } from '../../machines/pool-state.ts';

/**
 * Gives a context the counts of its pool. The actor is sent no events of tasks: they are read when someone
 * looks, and an inspector has them as they are when it does.
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
