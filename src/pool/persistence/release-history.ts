/** What happens to the events in memory once their pool is closed. */

import type { EventHistory } from '../../journal/event-history.ts';
import type { Persister } from '../door/persister.ts';

/** Data of the events in memory that are kept after a pool was closed whose store has them all. */
const BYTES_AFTER_CLOSE = 1024 * 1024;

/** Once a store has all events of a pool that is closed, few are kept in memory. */
export async function releaseHistory(persister: Persister, { ring }: EventHistory): Promise<void> {
  await persister.drained();
  // Otherwise no one else has the last ones.
  if (persister.failure === undefined) ring.bytes = Math.min(ring.bytes, BYTES_AFTER_CLOSE);
}
