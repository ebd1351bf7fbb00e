/** What limits have counted in another process. */

import { RecentTimes } from '../../kit/recent-times.ts';
import type { LimitRecords } from '../../machines/limit-records.ts';
import type { Limits } from '../admission/limits.ts';
import type { Turn } from '../turn/turn.ts';

/** Lets the starts of that process count, and keys be paused for as long as they were to be. */
export function* bringLimitsBack(
  limits: Limits,
  records: LimitRecords,
  { at, elapsed: now }: Turn,
): Generator<undefined, void> {
  for (const [name, { numbers, keys }] of records) {
    const limit = limits.get(name);
    const per = numbers.rate?.per ?? 0;
    for (const { key: value, starts, pausedUntil } of keys) {
      yield;
      const key = limit?.key(value);
      if (key === undefined) continue;
      if (pausedUntil > at) key.pausedUntil = now + pausedUntil - at;
      key.starts = new RecentTimes();
      for (const start of starts.after(at - per)) {
        // None is in the future: the wall clock was set back since.
        key.starts.add(now + Math.min(0, start - at), now - per);
      }
      limit?.release(key, () => now);
    }
  }
}
