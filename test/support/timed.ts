/** Pools under a clock that stands still until time is let pass. */

import type { PoolOptions } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool } from './pools.ts';

export function timed(options: PoolOptions = {}) {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock, ...options });
  /** Lets so many milliseconds pass, and everything happen that is due then. */
  const pass = (ms: number) => clock.pass(ms);
  const types = () => pool.journal.events().map(({ type }) => type);
  return { pool, clock, pass, types };
}
