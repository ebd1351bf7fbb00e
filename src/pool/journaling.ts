/** From the option `journal` to where events are kept and written. */

import type { EventStore } from '../journal/event-store.ts';
import { MemoryStore } from '../journal/memory-store.ts';
import type { EventWriter, WriterOptions } from './event-writer.ts';
import { JournalWriter } from './journal-writer.ts';
import type { PoolOptions } from './options.ts';
import { SyncJournalWriter, type SyncStore } from './sync-journal-writer.ts';

/** The events in memory: the store itself if it is one of ours, or what is kept besides a store. */
export function memoryOf(journal: PoolOptions['journal']): MemoryStore {
  if (journal === undefined) return new MemoryStore();
  if (!isStore(journal)) return new MemoryStore(journal);
  if (!(journal instanceof MemoryStore)) return new MemoryStore();
  if (journal.nextSeq === 0) return journal;
  throw new TypeError(
    `expected an empty store, got one that holds ${journal.nextSeq} events: resume it instead`,
  );
}

/** The store that events are written to besides; undefined if memory is all there is. */
export function storeOf(journal: PoolOptions['journal']): EventStore | undefined {
  return isStore(journal) && !(journal instanceof MemoryStore) ? journal : undefined;
}

/** What writes the events of a pool, from the next one on, to a store. */
export function writerFor(
  pool: string,
  memory: MemoryStore,
  store: EventStore,
  options: WriterOptions,
): EventWriter {
  return canWriteAtOnce(store)
    ? new SyncJournalWriter(pool, memory.nextSeq, store, options)
    : new JournalWriter(memory, store, options);
}

function canWriteAtOnce(store: EventStore): store is SyncStore {
  return store.appendSync !== undefined;
}

function isStore(journal: PoolOptions['journal']): journal is EventStore {
  return journal !== undefined && 'append' in journal;
}
