/** Writes rows of events given as objects, of any form. */

import { OUTCOMES } from '../../../events/event-columns.ts';
import type { PoolEvent, PoolEventOf } from '../../../index.ts';
import { USUAL_END } from './batch-form.ts';
import { isNumber, microseconds, ONLY_IDS, type Rows, restOfEnd } from './rows.ts';

/** The number of fields, with the envelope, of events that the short form preserves completely. */
const QUEUED_FIELDS = 8;
const STARTED_FIELDS = 7;
const ENDED_FIELDS = 11;
const ID_FIELDS = 6;
/** The fields in the short row of a queued and an ended task, omitted from `rest`. */
const QUEUED = new Set(['v', 'pool', 'seq', 'at', 'type', 'id', 'group', 'index']);
const ENDED = new Set(['v', 'pool', 'seq', 'at', 'type', 'id', 'group', 'waited', 'ran']);

/** Writes the row of an event. */
export function writeEvent(rows: Rows, event: PoolEvent): void {
  if (event.v !== rows.v || !writeShort(rows, event)) rows.object(jsonOf(rows, event));
}

/** Writes the short form of an event, if there is one. Returns whether it did. */
function writeShort(rows: Rows, event: PoolEvent): boolean {
  switch (event.type) {
    case 'task.queued':
      return writeQueued(rows, event);
    case 'task.started':
      return writeStarted(rows, event);
    case 'task.ended':
      return writeEnded(rows, event);
    default:
      return writeOnlyId(rows, event);
  }
}

function writeQueued(rows: Rows, event: PoolEventOf<'task.queued'>): boolean {
  const { id, group, index } = event;
  const since = rows.since(event.at);
  if (since === undefined || !isNumber(id) || !isNumber(index)) return false;
  if (typeof group !== 'string') return false;
  const rest = countOf(event) === QUEUED_FIELDS ? undefined : restOf(event, QUEUED);
  rows.queued(since, id, group, index, rest);
  return true;
}

function writeStarted(rows: Rows, event: PoolEventOf<'task.started'>): boolean {
  const { id, group } = event;
  const since = rows.since(event.at);
  if (since === undefined || !isNumber(id) || typeof group !== 'string') return false;
  if (countOf(event) !== STARTED_FIELDS) return false;
  rows.started(since, id, group);
  return true;
}

function writeEnded(rows: Rows, event: PoolEventOf<'task.ended'>): boolean {
  const { id, group, outcome, attempt } = event;
  const since = rows.since(event.at);
  const waited = microseconds(event.waited);
  const ran = microseconds(event.ran);
  if (since === undefined || waited === undefined || ran === undefined) return false;
  if (!isNumber(id) || typeof group !== 'string') return false;
  // The reader would replace missing fields by the defaults.
  if (outcome === undefined || attempt === undefined) return false;
  const isShort =
    isNumber(attempt) && OUTCOMES.includes(outcome) && countOf(event) === ENDED_FIELDS;
  const rest = isShort ? restOfEnd(outcome, attempt) : restOf(event, ENDED);
  rows.ended(since, id, group, waited, ran, rest);
  return true;
}

function writeOnlyId(rows: Rows, event: PoolEvent): boolean {
  const { at, type, id } = event as PoolEvent & { readonly id?: unknown };
  if (!ONLY_IDS.has(type) || !isNumber(at) || !isNumber(id)) return false;
  if (countOf(event) !== ID_FIELDS) return false;
  rows.onlyId(at, type, id);
  return true;
}

function jsonOf(rows: Rows, { v, pool: _, seq: __, ...fields }: PoolEvent): string {
  return JSON.stringify(v === rows.v ? fields : { v, ...fields });
}

/** The JSON of the fields that are not in the row otherwise; undefined if there are none. */
function restOf(event: PoolEvent, said: ReadonlySet<string>): string | undefined {
  const isUsual: Readonly<Record<string, unknown>> = event.type === 'task.ended' ? USUAL_END : {};
  const rest = Object.entries(event).filter(
    ([name, value]) => !said.has(name) && value !== undefined && value !== isUsual[name],
  );
  return rest.length === 0 ? undefined : JSON.stringify(Object.fromEntries(rest));
}

/** Counts fields without listing them, which would cost as much as writing the row. */
function countOf(event: object): number {
  let count = 0;
  // Inherited fields only raise the count: the fields are then compared one by one.
  for (const _ in event) count++;
  return count;
}
