/** Reads the events of a history page by page. */

import type { EventType, PoolEvent } from '../../index.ts';
import { jsonSize } from '../../kit/json-size.ts';
import type { Past } from './past.ts';
import type { Slices } from './slices.ts';

/** A query for events. */
export interface EventQuery {
  /** Default: the first event. */
  readonly from: number | undefined;
  readonly to: number;
  readonly limit: number;
  /** The types of events; empty for all. */
  readonly types: readonly EventType[];
}

/** A page of events. */
export interface EventPage {
  readonly events: readonly PoolEvent[];
  /** The first event that still exists. */
  readonly firstSeq: number;
  /** The last event so far. */
  readonly lastSeq: number;
  /** The event with which the next page begins; `null` if this was the last page. */
  readonly next: number | null;
}

/** The maximum size of a page, in characters of JSON. */
const PAGE = 4_194_304;

/** Reads a page. @throws StorePruned if the first of its events do not exist any more. */
export async function readPage(
  past: Past,
  { from, to, limit, types }: EventQuery,
  slices: Slices,
): Promise<EventPage> {
  const events: PoolEvent[] = [];
  const end = Math.min(to, past.lastSeq);
  let next = from ?? past.firstSeq;
  let size = 0;
  const take = (event: PoolEvent): boolean => {
    next = event.seq + 1;
    if (types.length === 0 || types.includes(event.type)) {
      events.push(event);
      size += jsonSize(event);
    }
    return events.length < limit && size <= PAGE;
  };
  await past.visit(next, end, take, slices);
  const { firstSeq, lastSeq } = past;
  return { events, firstSeq, lastSeq, next: next <= end ? next : null };
}
