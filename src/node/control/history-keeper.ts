/** Keeps the histories of pools from losing their oldest states, while a server listens. */

// Not the global ones, which a test may have replaced.
import { clearInterval, setInterval } from 'node:timers';
import { historyOf } from '../../control/history/of-pool.ts';
import type { BasePool, Logger } from '../../index.ts';

/** How often it is looked whether a state is to be kept: milliseconds. */
const INTERVAL = 250;

/**
 * Begins to keep them.
 *
 * @returns what ends it.
 */
export function keepHistories(pools: readonly BasePool[], logger: Logger): () => void {
  const keep = () => {
    for (const pool of pools) {
      historyOf(pool)
        .keepUp()
        .catch((error) => logger.error(`the history of ${pool} failed`, error));
    }
  };
  keep();
  const timer = setInterval(keep, INTERVAL).unref();
  return () => clearInterval(timer);
}
