/** From the option `journal` to where events are kept and written. */

import { Code } from '../../event-table.ts';
import type { EventStore } from '../../journal/event-store.ts';
import { MemoryStore } from '../../journal/memory-store.ts';
import { runSoon } from '../../kit/jobs.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Door } from '../engine/door.ts';
import type { CheckpointPlan, MemoryLimits, PoolOptions } from '../options.ts';
import { errorData } from '../to-json.ts';
import { JournalWriter } from './journal-writer.ts';
import type { WriterOptions } from './persister.ts';
import { SyncJournalWriter, type SyncStore } from './sync-journal-writer.ts';

/** Data of the events in memory that are kept after a pool was closed whose store has them all. */
const BYTES_AFTER_CLOSE = 1024 * 1024;

/** The events in memory: the store itself if it is one of ours, or what is kept beside a store. */
export function memoryOf({ journal, history }: PoolOptions): MemoryStore {
  if (storeOf(journal) !== undefined) return new MemoryStore(history);
  if (history !== undefined) throw noHistory();
  if (!(journal instanceof MemoryStore)) return new MemoryStore(journal as MemoryLimits);
  if (journal.nextSeq === 0) return journal;
  throw new TypeError(
    `expected an empty store, got one that holds ${journal.nextSeq} events: recover the pool from it instead`,
  );
}

/** The events in memory of a pool that continues a journal, after its last event. */
export function memoryAfter(
  seq: number,
  store: EventStore,
  history: PoolOptions['history'],
): MemoryStore {
  if (store instanceof MemoryStore) {
    if (history !== undefined) throw noHistory();
    return store;
  }
  const memory = new MemoryStore(history);
  memory.ring.startAt(seq + 1);
  return memory;
}

function noHistory(): TypeError {
  return new TypeError(
    'expected history only where the journal is a store other than memory, got both; size and bytes of the journal in memory are options of its own',
  );
}

/** The store that events are written to besides; undefined if memory is all there is. */
export function storeOf(journal: PoolOptions['journal']): EventStore | undefined {
  return isStore(journal) && !(journal instanceof MemoryStore) ? journal : undefined;
}

/** What writing its events takes of a pool. */
export interface WrittenPool {
  readonly door: Door;
  /** More tasks may start: something was written. */
  schedule(): void;
  capture(): Capture;
  /** The store failed, and the event that says so is published. */
  stopTaking(error: unknown): void;
}

/** Writes the events of a pool, from the next one on, to a store. */
export function writeTo(
  store: EventStore,
  pool: WrittenPool,
  checkpoints: CheckpointPlan | undefined,
): void {
  const { door } = pool;
  const { journal, state } = door;
  const options: WriterOptions = {
    checkpoints,
    capture: () => pool.capture(),
    onProgress: () => pool.schedule(),
    onFailure: (error) => {
      // It may be another event that is being recorded: subscribers are notified of that one later.
      const release = door.hold();
      door.record(Code.journalFailed, undefined, 0, { error: errorData(error) });
      void runSoon(() => {
        release();
        pool.stopTaking(error);
      });
    },
  };
  door.persister = canWriteAtOnce(store)
    ? new SyncJournalWriter(state.name, journal.nextSeq, store, options)
    : new JournalWriter(journal, store, options);
}

/** Once a pool is closed and a store has all of its events, few are kept in memory. */
export async function releaseHistory({ persister, journal }: Door): Promise<void> {
  if (persister === undefined) return;
  await persister.drained();
  // Otherwise nobody else has the last ones.
  if (persister.failure === undefined) journal.shrink(BYTES_AFTER_CLOSE);
}

function canWriteAtOnce(store: EventStore): store is SyncStore {
  return store.appendSync !== undefined;
}

function isStore(journal: PoolOptions['journal']): journal is EventStore {
  return journal !== undefined && 'append' in journal;
}
