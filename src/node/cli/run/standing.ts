/** How far a run is, out of what its pool and its attempts count. */

import type { PoolTotals } from '../../../index.ts';
import type { Attempts } from './attempts.ts';
import { label } from './output/messages.ts';
import type { Standing } from './progress/progress.ts';

/** How many of those that take longest are shown. */
const SLOWEST = 3;

/** @param totals undefined while there is no pool yet. */
export function standingOf(
  totals: PoolTotals | undefined,
  { running, numAborted, numRetries }: Attempts,
  total: number | undefined,
  startedAt: number,
): Standing {
  const now = performance.now();
  const slowest: Standing['slowest'][number][] = [];
  // Those that were begun first are at the front.
  for (const { item, startedAt: began } of running) {
    if (slowest.length === SLOWEST) break;
    slowest.push({ item: label(item), milliseconds: now - began });
  }
  return {
    succeeded: totals?.fulfilled ?? 0,
    failed: totals?.rejected ?? 0,
    cancelled: totals?.cancelled ?? 0,
    running: running.size,
    aborted: numAborted,
    retries: numRetries,
    total,
    elapsed: now - startedAt,
    slowest,
  };
}
