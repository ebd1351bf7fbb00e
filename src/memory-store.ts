/** The store in memory: the most recent events, as a journal that can be recovered and followed. */

import { StoreClosed, StoreGap } from './errors.ts';
import { type CompactEvent, encode } from './event-fields.ts';
import type { PoolEvent } from './events.ts';
import { EventHistory, type HistoryOptions } from './journal/event-history.ts';
import {
  type SeqRange,
  type StoreCheckpoint,
  seqRange,
  type TailOptions,
  tailOptions,
} from './journal/event-store.ts';
import { checkPrune, firstToKeep } from './journal/retention.ts';
import { upcast } from './journal/upcast.ts';
import { WakeUp } from './kit/wake-up.ts';
import type { JournalStore } from './pool/persistence/journal.ts';
import { journaling } from './pool/persistence/journaling.ts';

/** How many events `read` and `tail` yield at once. */
const BATCH = 1024;

/** Options of a {@link MemoryStore}. */
export type MemoryStoreOptions = HistoryOptions;

/**
 * A bounded ring of events in memory. Given as the journal of a pool, it is what the pool keeps in
 * memory, too.
 *
 * It holds events of the present version: older ones are understood, and become such.
 * Iterating over it yields the events it holds at that moment: `replay(pool.journal)`.
 */
export class MemoryStore extends EventHistory implements JournalStore {
  readonly journaling = journaling;
  #closed = false;
  #stored: StoreCheckpoint | undefined = undefined;
  /** What `prune` dropped, though the ring may still hold it. */
  #prunedTo = -1;

  /** The `seq` of the first event it holds; `nextSeq` when it holds none. */
  override get firstSeq(): number {
    return Math.max(super.firstSeq, this.#prunedTo + 1);
  }

  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    this.#checkOpen();
    const { ring } = this;
    const [first] = batch;
    if (first !== undefined) {
      const { seq, pool } = ring.nextSeq === 0 ? first : { seq: ring.nextSeq, pool: this.pool };
      // All of it is checked before any of it is stored.
      const compact = batch.map((event, place) => compactOf(event, pool, seq + place));
      if (ring.nextSeq === 0) ring.startAt(seq);
      this.pool = pool;
      for (const { code, at, id, n, detail } of compact) ring.append(code, at, id, n, detail);
    }
    return { lastSeq: ring.nextSeq - 1 };
  }

  async *read(range: SeqRange = {}): AsyncGenerator<readonly PoolEvent[]> {
    seqRange.check('read()', range);
    const { fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 } = range;
    this.#checkOpen();
    this.checkHeld(fromSeq);
    const last = Math.min(toSeq, this.nextSeq - 1);
    for (let seq = fromSeq; seq <= last; seq += BATCH) {
      this.#checkOpen();
      yield this.events({ fromSeq: seq, toSeq: Math.min(last, seq + BATCH - 1) });
    }
  }

  async *tail(options: TailOptions = {}): AsyncGenerator<readonly PoolEvent[]> {
    tailOptions.check('tail()', options);
    const { fromSeq, signal } = options;
    this.#checkOpen();
    // The first event, where there is none yet, may be any.
    let seq = fromSeq ?? (this.nextSeq === 0 ? undefined : this.firstSeq);
    while (!this.#closed && signal?.aborted !== true) {
      if (seq === undefined && this.nextSeq > 0) seq = this.firstSeq;
      if (seq !== undefined && seq < this.nextSeq) {
        const batch = this.events({ fromSeq: seq, toSeq: seq + BATCH - 1 });
        seq += batch.length;
        yield batch;
      } else await this.#appended(signal);
    }
  }

  async checkpoint(checkpoint: StoreCheckpoint): Promise<void> {
    this.#checkOpen();
    const { seq, prune = false } = checkpoint;
    checkPrune(prune);
    if (seq >= (this.#stored?.seq ?? -1)) this.#stored = checkpoint;
    const first = await firstToKeep(prune, seq, {
      firstSeq: this.firstSeq,
      nextSeq: this.nextSeq,
      read: (fromSeq, toSeq) => [this.events({ fromSeq, toSeq })],
    });
    this.#prunedTo = Math.max(this.#prunedTo, first - 1);
  }

  async latestCheckpoint(): Promise<StoreCheckpoint | undefined> {
    this.#checkOpen();
    return this.#stored;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    this.ring.clear();
  }

  readonly #changed = new WakeUp();

  /** Resolves when something was appended, the store was closed, or the signal was aborted. */
  async #appended(signal: AbortSignal | undefined): Promise<void> {
    this.ring.onAppend = () => this.#wake();
    await this.#changed.wait(signal);
  }

  #wake(): void {
    this.ring.onAppend = undefined;
    this.#changed.wake();
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreClosed('expected an open store, got one that was closed');
  }
}

/** @throws StoreGap, TypeError, RangeError unless the event is the one that is due. */
function compactOf(event: PoolEvent, pool: string, seq: number): CompactEvent & { at: number } {
  if (event.seq !== seq) throw new StoreGap(`expected seq ${seq}, got ${event.seq}`);
  if (event.pool !== pool) {
    throw new TypeError(`expected an event of the pool '${pool}', got one of '${event.pool}'`);
  }
  return { ...encode(upcast(event)), at: event.at };
}
