/** Rows of events that are objects, whatever they are. */

import { OUTCOMES } from '../../../events/event-columns.ts';
import type { PoolEvent, PoolEventOf } from '../../../index.ts';
import { USUAL_END } from './batch-form.ts';
import { isNumber, microseconds, type Rows, restOfEnd } from './rows.ts';

/** How many fields there are where a row says all: with the envelope. */
const QUEUED_FIELDS = 8;
const STARTED_FIELDS = 7;
const ENDED_FIELDS = 11;
const ID_FIELDS = 6;
/** Events that may say nothing but which task they are about. */
const ONLY_IDS = new Set([
  'task.interrupted',
  'task.cancelling',
  'task.cancelled',
  'task.requeued',
]);
/** What a row says of a queued task, and of one that has ended, so that `rest` need not. */
const QUEUED = new Set(['v', 'pool', 'seq', 'at', 'type', 'id', 'group', 'index']);
const ENDED = new Set(['v', 'pool', 'seq', 'at', 'type', 'id', 'group', 'waited', 'ran']);

/** Writes the row of an event. */
export function writeEvent(rows: Rows, event: PoolEvent): void {
  if (event.v !== rows.v || !writeShort(rows, event)) writeObject(rows, event);
}

/** Whether there is a short form of it, which was written. */
function writeShort(rows: Rows, event: PoolEvent): boolean {
  switch (event.type) {
    case 'task.queued':
      return writeQueued(rows, event);
    case 'task.started':
      return writeStarted(rows, event);
    case 'task.ended':
      return writeEnded(rows, event);
    default:
      return false;
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
  // What is not there is not to be the usual one when it is read.
  if (outcome === undefined || attempt === undefined) return false;
  const isShort =
    isNumber(attempt) && OUTCOMES.includes(outcome) && countOf(event) === ENDED_FIELDS;
  const rest = isShort ? restOfEnd(outcome, attempt) : restOf(event, ENDED);
  rows.ended(since, id, group, waited, ran, rest);
  return true;
}

function writeObject(rows: Rows, event: PoolEvent): void {
  rows.object(jsonOfId(rows, event) ?? jsonOf(rows, event));
}

/** Written by hand, as there may be one for each of very many tasks that are cancelled or recovered. */
function jsonOfId(rows: Rows, event: PoolEvent): string | undefined {
  const { v, at, type, id } = event as PoolEvent & { readonly id?: unknown };
  if (v !== rows.v || !isNumber(at) || !isNumber(id)) return undefined;
  if (countOf(event) !== ID_FIELDS || !ONLY_IDS.has(type)) return undefined;
  return `{"at":${at},"type":"${type}","id":${id}}`;
}

function jsonOf(rows: Rows, { v, pool: _, seq: __, ...fields }: PoolEvent): string {
  return JSON.stringify(v === rows.v ? fields : { v, ...fields });
}

/** The JSON of the fields that the row does not say otherwise; undefined if there are none. */
function restOf(event: PoolEvent, said: ReadonlySet<string>): string | undefined {
  const isUsual: Readonly<Record<string, unknown>> = event.type === 'task.ended' ? USUAL_END : {};
  const rest = Object.entries(event).filter(
    ([name, value]) => !said.has(name) && value !== undefined && value !== isUsual[name],
  );
  return rest.length === 0 ? undefined : JSON.stringify(Object.fromEntries(rest));
}

/** How many fields there are; a list of them would cost as much as the row. */
function countOf(event: object): number {
  let count = 0;
  // What is inherited, if anything, makes it too many: then the fields are looked at one by one.
  for (const _ in event) count++;
  return count;
}
