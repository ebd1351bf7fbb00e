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

/** What a batch may hold, in characters: JavaScript has no strings of twice the length. */
const LARGEST = 2 ** 28;

/** @throws RangeError unless a batch can be stored and read as one text. */
export function checkSize(lines: readonly string[]): void {
  let size = 0;
  for (const line of lines) size += line.length + 1;
  if (size <= LARGEST) return;
  const [limit, got] = [LARGEST, size].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MiB`);
  throw new RangeError(
    `expected a batch of up to ${limit}, got ${lines.length} events of ${got}: append it in parts`,
  );
}
