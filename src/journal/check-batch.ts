/** Checks a batch to be appended: consecutive events of one pool. */

import { StoreGap } from '../errors.ts';
import { codeOf } from '../events/event-codes.ts';
import type { PoolEvent } from '../events/events.ts';
import { quoted } from '../kit/printed.ts';
import type { EventColumns } from './columns.ts';
import { upcast } from './upcast.ts';

/** What the store already contains. */
interface Before {
  readonly nextSeq: number | undefined;
  readonly pool: string | undefined;
}

/**
 * @throws StoreGap, TypeError unless these are the next events of the pool; RangeError for an unknown type or
 * version.
 */
export function checkBatch(batch: readonly PoolEvent[], { nextSeq, pool }: Before): void {
  const first = nextSeq ?? batch[0]?.seq;
  if (first === undefined || !Number.isSafeInteger(first) || first < 0) {
    throw new StoreGap(`expected an event with a seq, got ${first}`);
  }
  const name = pool ?? batch[0]?.pool;
  let seq = first;
  for (const event of batch) {
    const { type } = upcast(event);
    checkNext(event, seq, name);
    seq++;
    codeOf(type);
  }
}

/** The same for columns, which a pool creates: they are always consecutive and of one pool. */
export function checkColumns({ first, pool }: EventColumns, before: Before): void {
  checkNext({ seq: first, pool }, before.nextSeq ?? first, before.pool ?? pool);
}

function checkNext(
  event: Pick<PoolEvent, 'seq' | 'pool'>,
  seq: number,
  pool: string | undefined,
): void {
  if (event.seq !== seq) throw new StoreGap(`expected seq ${seq}, got ${event.seq}`);
  if (event.pool === pool) return;
  throw new TypeError(
    `expected an event of the pool ${quoted(pool)}, got one of ${quoted(event.pool)}`,
  );
}
