/** The in-memory store: keeps the most recent events, and can be recovered from and followed. */

import type { PoolEvent } from './events/events.ts';
import { BaseStore } from './journal/base-store.ts';
import { EventHistory, type HistoryOptions } from './journal/event-history.ts';
import type { SeqRange, StoreCheckpoint, TailOptions } from './journal/event-store.ts';
import { RingMedium, RingWakeUp } from './journal/ring-medium.ts';
import type { JournalStore } from './pool/persistence/journal.ts';
import { journaling } from './pool/persistence/journaling.ts';

/** Options of a {@link MemoryStore}. */
export type MemoryStoreOptions = HistoryOptions;

/**
 * A bounded ring of events in memory. As the journal of a pool it also is the pool's history in memory,
 * `pool.journal`.
 *
 * Events of older versions are accepted and converted to the current one.
 * Iterating over it yields the events it holds at that moment: `replay(pool.journal)`.
 */
export class MemoryStore extends EventHistory implements JournalStore {
  readonly journaling = journaling;
  readonly #medium = new RingMedium(this);
  readonly #store = new BaseStore(this.#medium, new RingWakeUp(this.ring));

  /** The `seq` of the first event it holds; `nextSeq` when it holds none. */
  override get firstSeq(): number {
    return this.#medium.firstSeq;
  }

  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    this.appendNow(batch);
    return { lastSeq: this.nextSeq - 1 };
  }

  /** Like {@link append}, but synchronous. @internal */
  appendNow(batch: readonly PoolEvent[]): void {
    this.#store.appendNow(batch);
  }

  read(range?: SeqRange): AsyncGenerator<readonly PoolEvent[]> {
    return this.#store.read(range);
  }

  tail(options?: TailOptions): AsyncGenerator<readonly PoolEvent[]> {
    return this.#store.tail(options);
  }

  checkpoint(checkpoint: StoreCheckpoint): Promise<void> {
    return this.#store.checkpoint(checkpoint);
  }

  latestCheckpoint(): Promise<StoreCheckpoint | undefined> {
    return this.#store.latestCheckpoint();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
