/** Cuts a range of events out of stored batches. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PoolEvent } from '../../index.ts';
import type { FileMedium } from './file-medium.ts';
import { otherPool } from './other-pool.ts';

/** The number of events read before yielding to the event loop. */
const TURN = 8192;

export async function* slices(
  medium: FileMedium,
  fromSeq: number,
  toSeq: number,
): AsyncGenerator<readonly PoolEvent[]> {
  let next = fromSeq;
  let sinceTurn = 0;
  for await (const events of medium.read(fromSeq, toSeq)) {
    const skipped = next - (events[0]?.seq ?? next);
    const foreign = foreignIn(events, medium.pool);
    const end = Math.min(foreign ?? events.length, skipped + toSeq + 1 - next);
    next += end - skipped;
    if (end > skipped)
      yield skipped === 0 && end === events.length ? events : events.slice(skipped, end);
    if (end === foreign) throw otherPool(String(medium.pool), events[foreign] as PoolEvent);
    sinceTurn += end;
    if (sinceTurn >= TURN) {
      sinceTurn = 0;
      await nextTurn();
    }
  }
}

/** The index of the first event of another pool. */
function foreignIn(events: readonly PoolEvent[], pool: string | undefined): number | undefined {
  if (pool === undefined) return undefined;
  const place = events.findIndex((event) => event.pool !== pool);
  return place === -1 ? undefined : place;
}
