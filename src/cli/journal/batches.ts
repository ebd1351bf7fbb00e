/** Reads the events of a journal in batches, optionally following new ones. */

import type { PoolEvent } from '../../index.ts';
import type { Journal } from './open-journal.ts';
import { remaining } from './remaining.ts';

/** Which events to read. */
export interface Reading {
  /** Follow new events of a running process, until its pool is closed or its run is over. */
  readonly follow: boolean;
  /** Ends the following. */
  readonly signal?: AbortSignal;
}

export async function* batchesOf(
  journal: Journal,
  { follow, signal }: Reading,
): AsyncGenerator<readonly PoolEvent[]> {
  if (!follow) {
    yield* journal.read();
    return;
  }
  let left = remaining.initial();
  for await (const batch of journal.tail(signal === undefined ? {} : { signal })) {
    yield batch;
    for (const event of batch) left = remaining.apply(left, event);
    // A finished run may have been resumed meanwhile.
    const isLast = (batch.at(-1)?.seq ?? 0) >= journal.nextSeq - 1;
    if (isLast && left.isNothing) return;
  }
}
