/** Each pool has one history, however many servers and sessions look into it. */

import { type BasePool, capture, storedEvents } from '../../index.ts';
import { PoolHistory } from './pool-history.ts';

const HISTORIES = new WeakMap<BasePool, PoolHistory>();

/** The history of a pool; that of a recorded one comes along with it. */
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

/** Gives a pool a history of another making. */
export function setHistory(pool: BasePool, history: PoolHistory): void {
  HISTORIES.set(pool, history);
}
