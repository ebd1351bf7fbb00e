/** Decodes the events of a batch, see `batch-form.ts`. */

import { type PoolEvent, StoreCorrupt } from '../../../index.ts';
import { type BatchContext, USUAL_END } from './batch-form.ts';

/** The text of a batch with a valid checksum. */
interface BatchText {
  readonly context: string;
  /** A row for each event, separated by commas. */
  readonly rows: string;
}

/** The columns of a short row. */
type Row =
  | readonly ['q', number, number, number, number, object?]
  | readonly ['s', number, number, number]
  | readonly ['e', number, number, number, number, number, object?];

/** The events from `first` to `last`. @throws StoreCorrupt if the batch does not hold them. */
export function eventsOf({ context, rows }: BatchText, first: number, last: number): PoolEvent[] {
  let read: { readonly context: BatchContext; readonly rows: (Row | object)[] };
  try {
    read = { context: JSON.parse(context), rows: JSON.parse(`[${rows}]`) };
  } catch (error) {
    throw new StoreCorrupt(
      `expected the events from ${first} to ${last}, got no JSON`,
      first,
      error,
    );
  }
  const { length } = read.rows;
  if (length !== last - first + 1) {
    throw new StoreCorrupt(`expected the events from ${first} to ${last}, got ${length}`, first);
  }
  const events = read.rows as object[];
  for (let place = 0; place < length; place++) {
    events[place] = eventOf(read.rows[place] as Row | object, first + place, read.context);
  }
  return events as PoolEvent[];
}

function eventOf(row: Row | object, seq: number, { v, pool, at: base, groups }: BatchContext) {
  if (!isShort(row)) return { v, pool, seq, ...row };
  const at = base + row[1];
  const id = row[2];
  const group = groups[row[3]];
  switch (row[0]) {
    case 'q': {
      const event = { v, pool, seq, at, type: 'task.queued', id, group, index: row[4] };
      return row[5] === undefined ? event : { ...event, ...row[5] };
    }
    case 's':
      return { v, pool, seq, at, type: 'task.started', id, group };
    case 'e': {
      const [waited, ran, rest] = [row[4] / 1000, row[5] / 1000, row[6]];
      const { outcome, attempt } = USUAL_END;
      const type = 'task.ended';
      const event = { v, pool, seq, at, type, id, group, outcome, attempt, waited, ran };
      return rest === undefined ? event : { ...event, ...rest };
    }
  }
}

function isShort(row: Row | object): row is Row {
  return Array.isArray(row);
}
