/** What happens to the events in memory once their pool is closed. */

import type { EventHistory } from '../../journal/event-history.ts';
import type { Persister } from '../door/persister.ts';

/** How many bytes of data of events stay in memory after a pool is closed whose store has them all. */
const BYTES_AFTER_CLOSE = 1024 * 1024;

/** Drops most events from memory once the store has all events of a closed pool. */
export async function releaseHistory(persister: Persister, { ring }: EventHistory): Promise<void> {
  await persister.drained();
  // If writing failed, the last events are only in memory.
  if (persister.failure === undefined) ring.bytes = Math.min(ring.bytes, BYTES_AFTER_CLOSE);
}
