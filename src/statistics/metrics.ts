/** `metrics()`: statistics in the text format of Prometheus. */

import { checkFlag, checkOf, hasMethods } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { addPool, newFamilies, type PoolGauges } from './metric-families.ts';
import type { StatisticsSummary } from './summary.ts';

/** The used part of a pool. */
export interface MeasuredPool extends PoolGauges {
  /** The name of the pool. */
  readonly name: string;
  /** The statistics of the pool so far. */
  statistics(): Promise<StatisticsSummary>;
}

/** Options of {@link metrics}. */
export interface MetricsOptions {
  /**
   * Whether counts are also reported by group, with a label `group`: for programs with few groups and recurring
   * names. Default: false.
   */
  readonly groups?: boolean;
}

const metricsOptions = new OptionBag<MetricsOptions>({ groups: [checkFlag, 'byGroup'] });

const checkMeasured = checkOf('a pool, or an iterable of pools', (pool) =>
  hasMethods(pool, 'statistics'),
);

/**
 * The statistics of one or several pools in the text format of Prometheus: counts, states, and times in seconds.
 *
 * @throws TypeError for invalid pools or options.
 *
 * @example
 * ```ts
 * import { TaskPool } from 'xstate-taskpool';
 * import { metrics } from 'xstate-taskpool/statistics';
 *
 * const pool = new TaskPool({ name: 'harbour' });
 * await pool.map((n: number) => n, [1, 2]).results();
 * const text = await metrics(pool);
 * text.includes('taskpool_tasks_ended_total{pool="harbour",outcome="fulfilled"} 2'); // => true
 * await pool.gatherAndClose();
 * ```
 */
export async function metrics(
  pools: MeasuredPool | Iterable<MeasuredPool>,
  options: MetricsOptions = {},
): Promise<string> {
  metricsOptions.check('metrics()', options);
  const named = new Map<string, MeasuredPool>();
  for (const pool of isIterable(pools) ? pools : [pools]) {
    checkMeasured('pools', pool);
    // Prometheus would drop the values of one of them.
    if (named.has(pool.name)) {
      throw new TypeError(`expected pools with different names, got two named ${pool.name}`);
    }
    named.set(pool.name, pool);
  }
  return metricsByName(named, options);
}

/** The metrics of pools by the values of their label `pool`. */
export async function metricsByName(
  pools: ReadonlyMap<string, MeasuredPool>,
  { groups = false }: MetricsOptions = {},
): Promise<string> {
  const families = newFamilies();
  for (const [name, pool] of pools) {
    addPool(families, { pool: name }, pool, await pool.statistics(), groups);
  }
  return Object.values(families).join('');
}

function isIterable(pools: MeasuredPool | Iterable<MeasuredPool>): pools is Iterable<MeasuredPool> {
  return hasMethods(pools, Symbol.iterator);
}
