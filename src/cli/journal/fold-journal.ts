/** Folds the events of a journal with a projection, batch by batch. */

import type { PoolCheckpoint, Projection } from '../../index.ts';
import { batchesOf, type Reading } from './batches.ts';
import type { Journal } from './open-journal.ts';

export interface FoldOptions<S> {
  /** Which events to read. Default: the existing ones. */
  readonly reading?: Reading;
  /** The checkpoint that the projection starts from. */
  readonly from?: PoolCheckpoint | undefined;
  /** Called with the state after each batch, and awaited. */
  readonly each?: (state: S) => void | Promise<void>;
}

/** Resolves with the state after the last event. */
export async function foldJournal<S>(
  journal: Journal,
  projection: Projection<S>,
  { reading = { follow: false }, from, each }: FoldOptions<S> = {},
): Promise<S> {
  let state = projection.initial(from);
  for await (const batch of batchesOf(journal, reading)) {
    for (const event of batch) state = projection.apply(state, event);
    await each?.(state);
  }
  return state;
}
