/** How far a run is, out of what its pool and its attempts count. */

import type { PoolTotals } from '../../../index.ts';
import type { StatisticsSummary } from '../../../statistics/index.ts';
import type { RunningItems } from '../items/running-items.ts';
import type { Superseded } from '../journal/earlier-run.ts';
import { label } from '../output/messages.ts';
import type { Counts } from '../stopping/halt.ts';
import type { Standing } from './progress.ts';

/** How many of those that take longest are shown. */
const SLOWEST = 3;

/**
 * How items came out: what counts is their newest task.
 *
 * @param totals undefined while there is no pool yet.
 */
export function countsOf(totals: PoolTotals | undefined, superseded: Superseded): Counts {
  const { fulfilled = 0, rejected = 0, cancelled = 0 } = totals ?? {};
  return {
    succeeded: fulfilled,
    failed: Math.max(0, rejected - superseded.rejected),
    cancelled: Math.max(0, cancelled - superseded.cancelled),
  };
}

/** What is known of a run besides its statistics. */
interface Known {
  readonly counts: Counts;
  /** Items that have failed and wait to be tried again. */
  readonly delayed: number;
  readonly heldBackBy: string | undefined;
  readonly total: number | undefined;
  /** Milliseconds since the start. */
  readonly elapsed: number;
}

/** @param statistics undefined while there is no pool yet. */
export function standingOf(
  { counts, ...known }: Known,
  statistics: StatisticsSummary | undefined,
  items: RunningItems,
): Standing {
  const { now, retries = 0, throughput = 0 } = statistics?.total ?? {};
  const { running = 0, cancelling = 0, timedOut = 0 } = now ?? {};
  const slowest = (statistics?.longest ?? []).slice(0, SLOWEST).flatMap((task) => {
    const attempt = items.attemptOf(task.id);
    return attempt === undefined ? [] : { item: label(attempt.item), milliseconds: task.for };
  });
  return {
    ...counts,
    ...known,
    running: running + cancelling + timedOut,
    aborted: items.numAborted,
    retries,
    perSecond: throughput,
    slowest,
  };
}
