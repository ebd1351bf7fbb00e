/** What is to be different in a simulation. */

import type { LimitOptions } from '../index.ts';
import { checkLimit, describe, refuse } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';

/** Options of `simulate`: what is to be different. */
export interface SimulateOptions {
  /** How many tasks may run at once. Default: as it was recorded, with all its changes. */
  readonly poolSize?: number;
  /** How many tasks of each group may run at once. Default: as it was recorded for each. */
  readonly numConcurrent?: number;
  /**
   * When items of open sources came, generators and streams for instance: when their task was made, or
   * with their group. They are pulled when there is room for them, so a journal does not say since when
   * they could have been had. Default: `'recorded'`.
   */
  readonly arrivals?: 'recorded' | 'atOnce';
  /** What limits allow, by the names that the recorded pool has for them. Default: as recorded. */
  readonly limits?: Readonly<Record<string, LimitOptions>>;
  /** As the option of pools, which journals do not hold. Default: none. */
  readonly aging?: number;
}

const OPTIONS = new OptionBag<SimulateOptions>({
  poolSize: ['concurrency', 'size'],
  numConcurrent: [],
  arrivals: [],
  limits: [],
  aging: [],
});

/** @throws TypeError, RangeError for invalid options. */
export function checkSimulateOptions(options: SimulateOptions): void {
  OPTIONS.check('simulate()', options);
  if (options.poolSize !== undefined) checkLimit('poolSize', options.poolSize, 1);
  if (options.numConcurrent !== undefined) checkLimit('numConcurrent', options.numConcurrent, 1);
  const { arrivals = 'recorded', limits = {} } = options;
  // The pool of the simulation checks the rest of them.
  if (typeof limits !== 'object' || limits === null) {
    refuse('limits to be an object of limits by name', limits);
  }
  for (const [name, limit] of Object.entries(limits)) {
    const { concurrent } = Object(limit) as LimitOptions;
    // With none at once nothing would ever end.
    if (concurrent !== undefined) checkLimit(`limits.${name}.concurrent`, concurrent, 1);
  }
  if (arrivals === 'recorded' || arrivals === 'atOnce') return;
  throw new RangeError(`expected arrivals to be 'recorded' or 'atOnce', got ${describe(arrivals)}`);
}
