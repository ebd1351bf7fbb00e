/** Computes the progress of a run from the counts of its pool and attempts. */

import type { PoolTotals } from '../../../index.ts';
import type { StatisticsSummary } from '../../../statistics/index.ts';
import type { RunningItems } from '../items/running-items.ts';
import type { Superseded } from '../journal/earlier-run.ts';
import { label } from '../output/messages.ts';
import type { ItemCounts } from '../stopping/halt.ts';
import type { RunCounts, Standing } from './progress.ts';

/** The number of longest running items shown. */
const SLOWEST = 3;

/**
 * Counts the outcomes of items, of each only the newest task.
 *
 * @param totals undefined while there is no pool yet.
 */
export function countsOf(totals: PoolTotals | undefined, superseded: Superseded): ItemCounts {
  const { fulfilled = 0, rejected = 0, cancelled = 0 } = totals ?? {};
  return {
    succeeded: fulfilled,
    failed: Math.max(0, rejected - superseded.rejected),
    cancelled: Math.max(0, cancelled - superseded.cancelled),
  };
}

/** @param statistics undefined while there is no pool yet. */
export function standingOf(
  tally: RunCounts,
  heldBackBy: string | undefined,
  statistics: StatisticsSummary | undefined,
  items: RunningItems,
): Omit<Standing, 'isStopping'> {
  const { now, throughput = 0 } = statistics?.total ?? {};
  const { running = 0, cancelling = 0, timedOut = 0 } = now ?? {};
  const slowest = (statistics?.longest ?? []).slice(0, SLOWEST).flatMap((task) => {
    const attempt = items.attemptOf(task.id);
    return attempt === undefined ? [] : { item: label(attempt.item), milliseconds: task.for };
  });
  return {
    ...tally,
    heldBackBy,
    running: running + cancelling + timedOut,
    perSecond: throughput,
    slowest,
  };
}
