/** Stores over a MemoryStore that are not one: pools write to them. */

import { type JournalStore, journaling, MemoryStore, type PoolEvent } from 'xstate-taskpool';

/** What a {@link storeOver} may do otherwise. */
export interface StoreTwists {
  /** Called before each append; may throw, or take its time. */
  readonly before?: (batch: readonly PoolEvent[]) => unknown;
  /** Whether each event is written at once. */
  readonly sync?: boolean;
  /** What was written before. */
  readonly kept?: MemoryStore;
}

/** A store for a pool that writes, and the memory that holds what was written. */
export function storeOver({
  before = () => undefined,
  sync = false,
  kept = new MemoryStore({ size: Number.POSITIVE_INFINITY }),
}: StoreTwists = {}) {
  const store: JournalStore = {
    journaling,
    append: async (batch) => {
      await before(batch);
      return kept.append(batch);
    },
    read: (range) => kept.read(range),
    tail: (options) => kept.tail(options),
    checkpoint: (checkpoint) => kept.checkpoint(checkpoint),
    latestCheckpoint: () => kept.latestCheckpoint(),
    close: () => kept.close(),
  };
  if (!sync) return { kept, store };
  const appendSync = (batch: readonly PoolEvent[]) => {
    before(batch);
    // A MemoryStore appends before it returns its promise.
    void kept.append(batch);
  };
  return { kept, store: { ...store, appendSync } };
}
