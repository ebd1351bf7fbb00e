/** What may be appended: events of one pool, in a row. */

import { StoreGap } from '../errors.ts';
import { codeOf } from '../event-codes.ts';
import type { PoolEvent } from '../events.ts';
import { quoted } from '../kit/printed.ts';
import { upcast } from './upcast.ts';

/** What is there already. */
interface Before {
  readonly nextSeq: number | undefined;
  readonly pool: string | undefined;
}

/**
 * @throws StoreGap, TypeError unless these are the events that are due; RangeError for a type or
 * version there is not.
 */
export function checkBatch(batch: readonly PoolEvent[], { nextSeq, pool }: Before): void {
  const first = nextSeq ?? batch[0]?.seq;
  if (first === undefined || !Number.isSafeInteger(first) || first < 0) {
    throw new StoreGap(`expected an event with a seq, got ${first}`);
  }
  const name = pool ?? batch[0]?.pool;
  let seq = first;
  for (const event of batch) {
    if (event.seq !== seq) throw new StoreGap(`expected seq ${seq}, got ${event.seq}`);
    seq++;
    if (event.pool !== name) {
      throw new TypeError(
        `expected an event of the pool ${quoted(name)}, got one of ${quoted(event.pool)}`,
      );
    }
    codeOf(upcast(event).type);
  }
}
