/** Reads batches of older versions, and of exported files: the complete JSON of each event. */

import { type PoolEvent, StoreCorrupt } from '../../../index.ts';

/**
 * The events in a JSON array with a valid checksum.
 *
 * @throws StoreCorrupt if they are not those from `first` to `last`.
 */
export function plainEventsOf(array: string, first: number, last: number): PoolEvent[] {
  let events: PoolEvent[];
  try {
    events = JSON.parse(array) as PoolEvent[];
  } catch (error) {
    throw new StoreCorrupt(
      `expected the events from ${first} to ${last}, got no JSON`,
      first,
      error,
    );
  }
  const isDense =
    events.length === last - first + 1 && events.every(({ seq }, n) => seq === first + n);
  if (isDense) return events;
  const got = `${events.length} from ${events[0]?.seq} to ${events.at(-1)?.seq}`;
  throw new StoreCorrupt(`expected the events from ${first} to ${last}, got ${got}`, first);
}
