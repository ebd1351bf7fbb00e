/** Captures states of pools regularly while a server listens, so that their histories do not lose the oldest ones. */

// Imported, since tests may replace the global timers.
import { clearInterval, setInterval } from 'node:timers';
import { historyOf } from '../../control/history/of-pool.ts';
import type { BasePool, Logger } from '../../index.ts';

/** Milliseconds between two checks whether a state is due. */
const INTERVAL = 250;

/**
 * Starts capturing.
 *
 * @returns a function that stops it.
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
