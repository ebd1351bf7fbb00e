/** What is to be different in a simulation. */

import type { LimitOptions } from '../index.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { checkLimit, describe, refuse } from '../pool/checks.ts';

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
}

const OPTIONS = new OptionBag<SimulateOptions>({
  poolSize: ['concurrency', 'size'],
  numConcurrent: [],
  arrivals: [],
  limits: [],
});

/** @throws TypeError, RangeError for options that make no sense. */
export function checkSimulateOptions(options: SimulateOptions): void {
  OPTIONS.check('simulate()', options);
  if (options.poolSize !== undefined) checkLimit('poolSize', options.poolSize, 1);
  if (options.numConcurrent !== undefined) checkLimit('numConcurrent', options.numConcurrent, 1);
  const { arrivals = 'recorded', limits = {} } = options;
  if (typeof limits !== 'object' || limits === null) {
    refuse('limits to be an object of limits by name', limits);
  }
  if (arrivals === 'recorded' || arrivals === 'atOnce') return;
  throw new RangeError(`expected arrivals to be 'recorded' or 'atOnce', got ${describe(arrivals)}`);
}
