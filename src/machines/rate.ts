/** A rate: no window of `per` milliseconds, wherever it begins, holds more than `max` starts. */

import type { RateNumbers } from '../events/events.ts';
import type { RecentTimes } from '../kit/recent-times.ts';

/** The time up to which starts no longer count: they are dropped when the rate changes. */
export function overAt(rate: RateNumbers | null, now: number): number {
  return rate === null ? Number.POSITIVE_INFINITY : now - rate.per;
}

/** How many starts hold back the next one. */
export function countedBy({ spread, max }: RateNumbers): number {
  return spread === true ? 1 : max;
}

/**
 * The time from which the next start is allowed by a rate, given the earlier starts: an even spacing does not suffice
 * if the rate was changed after some of them.
 *
 * @param numUncalled how many further starts it counts at `now`.
 */
export function opensAt(
  { max, per, spread }: RateNumbers,
  now: number,
  starts?: RecentTimes,
  numUncalled = 0,
): number {
  const timeOf = (place: number): number =>
    place <= numUncalled ? now : (starts?.fromEnd(place - numUncalled) ?? Number.NEGATIVE_INFINITY);
  const opens = timeOf(max) + per;
  return spread === true ? Math.max(opens, timeOf(1) + per / max) : opens;
}
