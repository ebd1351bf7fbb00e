/** Stores the state of a pool as a checkpoint. */

import type { EventStore, Prune } from '../../journal/event-store.ts';
import type { Capture } from '../../machines/capture.ts';
import { joinCheckpoint } from '../../machines/checkpoint-parts.ts';

/**
 * Stores a checkpoint, in parts if the store can, and ends the capture.
 *
 * @throws what the store throws.
 */
export async function storeCheckpoint(
  store: EventStore,
  capture: Capture,
  prune: Prune,
): Promise<void> {
  const { seq } = capture;
  try {
    const parts = capture.parts();
    if (store.checkpointInParts !== undefined) await store.checkpointInParts({ seq, parts, prune });
    else await store.checkpoint({ seq, state: joinCheckpoint(parts), prune });
  } finally {
    capture.end();
  }
}
