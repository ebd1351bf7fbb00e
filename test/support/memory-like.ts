/** Stores that wrap a MemoryStore, so that pools write to them as to any other store. */

import { type JournalStore, journaling, MemoryStore, type PoolEvent } from 'xstate-taskpool';

/** Options of {@link storeOver}. */
export interface StoreTwists {
  /** Called before each append; may throw or return a promise. */
  readonly before?: (batch: readonly PoolEvent[]) => unknown;
  /** Whether each event is written synchronously. */
  readonly sync?: boolean;
  /** A store with earlier events. */
  readonly kept?: MemoryStore;
}

/** A store for a pool, and the memory that contains what was written. */
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
