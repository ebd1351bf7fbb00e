/** The history of each pool, shared by all servers and sessions. */

import { type BasePool, capture, storedEvents } from '../../index.ts';
import { PoolHistory } from './pool-history.ts';

const HISTORIES = new WeakMap<BasePool, PoolHistory>();

/** The history of a pool; a recorded pool brings its own. */
export function historyOf(pool: BasePool): PoolHistory {
  const known = HISTORIES.get(pool);
  if (known !== undefined) return known;
  const history = new PoolHistory({
    journal: pool.journal,
    store: storedEvents(pool),
    capture: (options) => capture(pool, options),
  });
  HISTORIES.set(pool, history);
  return history;
}

/** Sets the history of a pool. */
export function setHistory(pool: BasePool, history: PoolHistory): void {
  HISTORIES.set(pool, history);
}
