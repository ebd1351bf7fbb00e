/** Encodes a batch of events, see `batch-form.ts`. */

import { decode } from '../../../events/event-codes.ts';
import { EVENT_VERSION, type PoolEvent } from '../../../index.ts';
import type { EventColumns } from '../../../journal/columns.ts';
import type { Batch } from '../file-medium.ts';
import type { BatchContext } from './batch-form.ts';
import { writeColumns } from './column-rows.ts';
import { writeEvent } from './event-rows.ts';
import { Rows, type Separator } from './rows.ts';

/** Encodes at least one event, all consecutive and of one pool. */
export function batchOf(events: readonly PoolEvent[], separator: Separator): Batch {
  const [{ v, seq: first, pool, at }] = events as readonly [PoolEvent];
  const rows = new Rows(v, at, events.length, separator);
  for (const event of events) writeEvent(rows, event);
  return finished(rows, { v, pool, at }, first, events.length);
}

/** Encodes events given as columns. */
export function batchOfColumns(columns: EventColumns, separator: Separator): Batch {
  const { pool, first, count, at: firstAt } = columns;
  const rows = new Rows(EVENT_VERSION, firstAt, count, separator);
  let seq = first;
  columns.visit((at, code, id, n, detail) => {
    const isWritten = writeColumns(rows, at, code, id, n, detail);
    if (!isWritten) writeEvent(rows, decode(pool, seq, at, code, id, n, detail));
    seq++;
  });
  return finished(rows, { v: EVENT_VERSION, pool, at: firstAt }, first, count);
}

function finished(
  rows: Rows,
  { v, pool, at }: Omit<BatchContext, 'groups'>,
  first: number,
  count: number,
): Batch {
  const context: BatchContext = { v, pool, at, groups: rows.groups };
  return { first, count, pool, context: JSON.stringify(context), rows: rows.end() };
}
