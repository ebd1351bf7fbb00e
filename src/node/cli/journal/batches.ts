/** The events of a journal, and if wanted those that are still to come. */

import type { PoolEvent } from '../../../index.ts';
import type { Journal } from './open-journal.ts';

/** Which events to read. */
export interface Reading {
  /** Wait for what a process that is at work still writes, until its pool is closed. */
  readonly follow: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

export async function* batchesOf(
  journal: Journal,
  { follow, signal }: Reading,
): AsyncGenerator<readonly PoolEvent[]> {
  if (!follow) {
    yield* journal.read();
    return;
  }
  for await (const batch of journal.tail({ signal })) {
    yield batch;
    if (batch.at(-1)?.type === 'pool.closed') return;
  }
}
