/** The events of a journal, and if wanted those that are still to come. */

import type { PoolEvent } from '../../index.ts';
import type { Journal } from './open-journal.ts';
import { remaining } from './remaining.ts';

/** Which events to read. */
export interface Reading {
  /** Wait for what a running process still writes, until its pool is closed or its run over. */
  readonly follow: boolean;
  /** Ends the waiting. */
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
    // A run that was over may have been resumed meanwhile.
    const isLast = (batch.at(-1)?.seq ?? 0) >= journal.nextSeq - 1;
    if (isLast && left.isNothing) return;
  }
}
