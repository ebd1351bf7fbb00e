/** A rate: no window of `per` milliseconds, wherever it begins, holds more than `max` starts. */

import type { RateNumbers } from '../events/events.ts';
import type { RecentTimes } from '../kit/recent-times.ts';

/** How long a start holds back the next one. */
export function intervalOf({ max, per, spread }: RateNumbers): number {
  return spread === true ? per / max : per;
}

/** The time up to which starts no longer count: they are dropped when the rate changes. */
export function overAt(rate: RateNumbers | null, now: number): number {
  return rate === null ? Number.POSITIVE_INFINITY : now - rate.per;
}

/** How many starts hold back the next one. */
export function countedBy({ spread, max }: RateNumbers): number {
  return spread === true ? 1 : max;
}

/**
 * The time from which the next start is allowed by a rate, given the earlier starts.
 *
 * @param numOthers how many further starts it counts, all of them later; fewer than hold back the next one.
 */
export function opensAt(rate: RateNumbers, starts?: RecentTimes, numOthers = 0): number {
  const counts = starts?.fromEnd(countedBy(rate) - numOthers);
  return counts === undefined ? Number.NEGATIVE_INFINITY : counts + intervalOf(rate);
}
