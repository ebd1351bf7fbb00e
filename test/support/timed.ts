/** Pools under a clock that stands still until it is set. */

import { SimulatedClock } from 'xstate';
import type { PoolOptions } from 'xstate-taskpool';
import { taskPool, turn } from './pools.ts';

export function timed(options: PoolOptions = {}) {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock, ...options });
  /** Lets so many milliseconds pass, and everything happen that is due then. */
  const pass = async (ms: number) => {
    await turn();
    clock.increment(ms);
    await turn();
  };
  const types = () => pool.journal.events().map(({ type }) => type);
  return { pool, clock, pass, types };
}
