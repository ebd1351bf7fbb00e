/** A rate: no window of `per` milliseconds, wherever it begins, holds more than `max` starts. */

import type { RateNumbers } from '../events/events.ts';
import type { RecentTimes } from '../kit/recent-times.ts';

/** How long the start which counts keeps the next one back. */
export function intervalOf({ max, per, spread }: RateNumbers): number {
  return spread === true ? per / max : per;
}

/** Up to when starts do not count: what a rate does not count any more, the next one does not know. */
export function overAt(rate: RateNumbers | null, now: number): number {
  return rate === null ? Number.POSITIVE_INFINITY : now - rate.per;
}

/** The time from which on the next start keeps to a rate, given those that there were. */
export function opensAt(rate: RateNumbers, starts: RecentTimes): number {
  const counts = starts.fromEnd(rate.spread === true ? 1 : rate.max);
  return counts === undefined ? Number.NEGATIVE_INFINITY : counts + intervalOf(rate);
}
