/** Makes the text of a batch of events, see `batch-form.ts`. */

import type { PoolEvent, PoolEventOf } from '../../../index.ts';
import type { Batch } from '../file-medium.ts';
import { type BatchContext, USUAL_END } from './batch-form.ts';

/** The batch of at least one event, all of one pool and in a row. */
export function batchOf(events: readonly PoolEvent[]): Batch {
  const [{ v, seq: first, pool, at }] = events as readonly [PoolEvent];
  const writer = new RowWriter(v, at);
  const rows = events.map((event) => writer.rowOf(event));
  const context: BatchContext = { v, pool, at, groups: writer.groups };
  return { first, pool, context: JSON.stringify(context), rows };
}

/** How many fields there are where a row says all: with the envelope. */
const QUEUED_FIELDS = 8;
const STARTED_FIELDS = 7;
const ENDED_FIELDS = 11;
/** What a row says of a queued task, and of one that has ended, so that `rest` need not. */
const QUEUED = new Set(['v', 'pool', 'seq', 'at', 'type', 'id', 'group', 'index']);
const ENDED = new Set(['v', 'pool', 'seq', 'at', 'type', 'id', 'group', 'waited', 'ran']);

class RowWriter {
  readonly groups: string[] = [];
  readonly #v: number;
  /** When the first event was recorded. */
  readonly #at: number;
  readonly #places = new Map<string, number>();
  /** Most events are of the same group as the one before. */
  #lastGroup: string | undefined = undefined;
  #lastPlace = 0;

  constructor(v: number, at: number) {
    this.#v = v;
    this.#at = at;
  }

  rowOf(event: PoolEvent): string {
    return this.#shortRow(event) ?? this.#object(event);
  }

  /** Undefined for an event that has no short form. */
  #shortRow(event: PoolEvent): string | undefined {
    if (event.v !== this.#v) return undefined;
    switch (event.type) {
      case 'task.queued':
        return this.#queued(event);
      case 'task.started':
        return this.#started(event);
      case 'task.ended':
        return this.#ended(event);
      default:
        return undefined;
    }
  }

  #queued(event: PoolEventOf<'task.queued'>): string | undefined {
    const { id, group, index } = event;
    const at = this.#since(event.at);
    if (at === undefined || !isNumber(id) || !isNumber(index)) return undefined;
    if (typeof group !== 'string') return undefined;
    const rest = countOf(event) === QUEUED_FIELDS ? '' : restOf(event, QUEUED);
    return `["q",${at},${id},${this.#place(group)},${index}${rest}]`;
  }

  #started(event: PoolEventOf<'task.started'>): string | undefined {
    const { id, group } = event;
    const at = this.#since(event.at);
    if (at === undefined || !isNumber(id) || typeof group !== 'string') return undefined;
    if (countOf(event) !== STARTED_FIELDS) return undefined;
    return `["s",${at},${id},${this.#place(group)}]`;
  }

  #ended(event: PoolEventOf<'task.ended'>): string | undefined {
    const { id, group, outcome, attempt } = event;
    const at = this.#since(event.at);
    const waited = microseconds(event.waited);
    const ran = microseconds(event.ran);
    if (at === undefined || waited === undefined || ran === undefined) return undefined;
    if (!isNumber(id) || typeof group !== 'string') return undefined;
    // What is not there is not to be the usual one when it is read.
    if (outcome === undefined || attempt === undefined) return undefined;
    const isUsual = outcome === USUAL_END.outcome && attempt === USUAL_END.attempt;
    const saysAll = isUsual && countOf(event) === ENDED_FIELDS;
    const rest = saysAll ? '' : restOf(event, ENDED);
    return `["e",${at},${id},${this.#place(group)},${waited},${ran}${rest}]`;
  }

  #object({ v, pool: _, seq: __, ...fields }: PoolEvent): string {
    return JSON.stringify(v === this.#v ? fields : { v, ...fields });
  }

  /** Undefined if that would not give the same time again. */
  #since(at: number): number | undefined {
    const since = at - this.#at;
    return this.#at + since === at && isNumber(since) ? since : undefined;
  }

  #place(group: string): number {
    if (group === this.#lastGroup) return this.#lastPlace;
    let place = this.#places.get(group);
    if (place === undefined) {
      place = this.groups.push(group) - 1;
      this.#places.set(group, place);
    }
    this.#lastGroup = group;
    this.#lastPlace = place;
    return place;
  }
}

/** The end of a row: a comma and the fields that the row does not say otherwise; nothing if none. */
function restOf(event: PoolEvent, said: ReadonlySet<string>): string {
  const isUsual: Readonly<Record<string, unknown>> = event.type === 'task.ended' ? USUAL_END : {};
  const rest = Object.entries(event).filter(
    ([name, value]) => !said.has(name) && value !== undefined && value !== isUsual[name],
  );
  return rest.length === 0 ? '' : `,${JSON.stringify(Object.fromEntries(rest))}`;
}

/** How many fields there are; a list of them would cost as much as the row. */
function countOf(event: object): number {
  let count = 0;
  // What is inherited, if anything, makes it too many: then the fields are looked at one by one.
  for (const _ in event) count++;
  return count;
}

/** Whether JSON holds it as it is printed. */
function isNumber(value: number): boolean {
  return typeof value === 'number' && value - value === 0;
}

/** Undefined for what is not a whole number of them, as a pool measures it. */
function microseconds(ms: number | undefined): number | undefined {
  if (typeof ms !== 'number') return undefined;
  const whole = Math.round(ms * 1000);
  return whole / 1000 === ms && isNumber(whole) ? whole : undefined;
}
