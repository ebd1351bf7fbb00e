/** The options of a simulation. */

import type { LimitOptions } from '../index.ts';
import { checkLimit, describe, refuse } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';

/** Options of `simulate`: the settings to change. */
export interface SimulateOptions {
  /**
   * The number of tasks that may run concurrently, a positive integer or `Infinity`. Default: as recorded, with
   * all changes.
   */
  readonly poolSize?: number;
  /**
   * The number of tasks of each group that may run concurrently, a positive integer or `Infinity`. Default: as
   * recorded for each group.
   */
  readonly numConcurrent?: number;
  /**
   * When items of open sources, such as generators and streams, arrive: when their task was created, or with their
   * group (`'atOnce'`). Since items are pulled when there is room for them, a journal does not record when they
   * became available. Default: `'recorded'`.
   */
  readonly arrivals?: 'recorded' | 'atOnce';
  /** The limits, by the names in the recorded pool. Default: as recorded. */
  readonly limits?: Readonly<Record<string, LimitOptions>>;
  /** The pool option of that name, which journals do not record. Default: none. */
  readonly aging?: number;
}

const OPTIONS = new OptionBag<SimulateOptions>({
  poolSize: ['concurrency', 'size'],
  numConcurrent: [],
  arrivals: [],
  limits: [],
  aging: [],
});

/**
 * @throws TypeError, RangeError for invalid options.
 */
export function checkSimulateOptions(options: SimulateOptions): void {
  OPTIONS.check('simulate()', options);
  if (options.poolSize !== undefined) checkLimit('poolSize', options.poolSize, 1);
  if (options.numConcurrent !== undefined) checkLimit('numConcurrent', options.numConcurrent, 1);
  const { arrivals = 'recorded', limits = {} } = options;
  // The pool of the simulation checks the rest of each limit.
  if (typeof limits !== 'object' || limits === null) {
    refuse('limits to be an object of limits by name', limits);
  }
  for (const [name, limit] of Object.entries(limits)) {
    const { concurrent } = Object(limit) as LimitOptions;
    // With a limit of 0 nothing would ever end.
    if (concurrent !== undefined) checkLimit(`limits.${name}.concurrent`, concurrent, 1);
  }
  if (arrivals === 'recorded' || arrivals === 'atOnce') return;
  throw new RangeError(`expected arrivals to be 'recorded' or 'atOnce', got ${describe(arrivals)}`);
}
