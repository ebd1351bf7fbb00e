/** How far a run is, out of what its pool and its attempts count. */

import type { PoolTotals } from '../../index.ts';
import type { AtWork } from './at-work.ts';
import type { Superseded } from './earlier-run.ts';
import type { Counts } from './halt.ts';
import { label } from './output/messages.ts';
import type { Standing } from './progress/progress.ts';

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

/** @param waiting what keeps further items from starting. */
export function standingOf(
  counts: Counts,
  { attempts, numAborted, numRetries }: AtWork,
  waiting: Pick<Standing, 'delayed' | 'heldBackBy'>,
  total: number | undefined,
  startedAt: number,
): Standing {
  const now = performance.now();
  const slowest: Standing['slowest'][number][] = [];
  // Those that were begun first are at the front.
  for (const { item, startedAt: began } of attempts) {
    if (slowest.length === SLOWEST) break;
    slowest.push({ item: label(item), milliseconds: now - began });
  }
  return {
    ...counts,
    ...waiting,
    running: attempts.size,
    aborted: numAborted,
    retries: numRetries,
    total,
    elapsed: now - startedAt,
    slowest,
  };
}
