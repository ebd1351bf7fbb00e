/** What may be appended: events of one pool, in a row. */

import { type PoolEvent, StoreGap } from '../../index.ts';
import type { Medium } from './medium.ts';

/** @throws StoreGap, TypeError unless these are the events that are due. */
export function checkBatch(batch: readonly PoolEvent[], { nextSeq, pool }: Medium): void {
  const first = nextSeq ?? batch[0]?.seq;
  if (first === undefined || !Number.isSafeInteger(first) || first < 0) {
    throw new StoreGap(`expected an event with a seq, got ${first}`);
  }
  const name = pool ?? batch[0]?.pool;
  for (const [place, event] of batch.entries()) {
    if (event.seq !== first + place) {
      throw new StoreGap(`expected seq ${first + place}, got ${event.seq}`);
    }
    if (event.pool !== name) {
      throw new TypeError(`expected an event of the pool '${name}', got one of '${event.pool}'`);
    }
  }
}
