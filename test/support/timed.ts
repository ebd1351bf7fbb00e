/** Pools with a clock that only moves when a test lets time pass. */

import type { PoolOptions } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool } from './pools.ts';

export function timed(options: PoolOptions = {}) {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock, ...options });
  /** Lets a number of milliseconds pass, and everything happen that is due by then. */
  const pass = (ms: number) => clock.pass(ms);
  const types = () => pool.journal.events().map(({ type }) => type);
  return { pool, clock, pass, types };
}
