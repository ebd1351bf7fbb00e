/** The default journal: the most recent events, in memory. */

import { StoreClosed, StoreGap, StorePruned } from '../errors.ts';
import { type CompactEvent, encode } from '../event-table.ts';
import type { PoolEvent } from '../events.ts';
import { WakeUp } from '../kit/wake-up.ts';
import { EventRing } from './event-ring.ts';
import type { EventStore, SeqRange, StoreSnapshot, TailOptions } from './event-store.ts';
import { checkPrune, firstToKeep } from './retention.ts';
import { upcast } from './upcast.ts';

/** How many events a {@link MemoryStore} keeps unless told otherwise. */
export const DEFAULT_JOURNAL_SIZE = 65_536;

/** How many events `read` and `tail` yield at once. */
const BATCH = 1024;

/** Options of a {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /** How many events to keep; the oldest go first. Default: 65,536. `Infinity` keeps all. */
  readonly size?: number;
}

/**
 * A bounded ring of events in memory: the journal of a pool that was given none.
 *
 * It holds events of the present version: older ones are understood, and become such.
 * Iterating over it yields the events it holds at that moment: `replay(pool.journal)`.
 */
export class MemoryStore implements EventStore, Iterable<PoolEvent> {
  /** @internal */
  readonly ring: EventRing;
  #pool = '';
  #closed = false;
  #snapshot: StoreSnapshot | undefined = undefined;
  /** What `prune` let go, though the ring may still hold it. */
  #prunedTo = -1;

  /** @throws RangeError if `size` is not a positive integer or `Infinity`. */
  constructor({ size = DEFAULT_JOURNAL_SIZE }: MemoryStoreOptions = {}) {
    if (size !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(size) && size > 0)) {
      throw new RangeError(`expected size to be a positive integer or Infinity, got ${size}`);
    }
    this.ring = new EventRing(size);
  }

  /** How many events it keeps at the most. */
  get size(): number {
    return this.ring.size;
  }

  /** The `seq` of the first event it holds; `nextSeq` when it holds none. */
  get firstSeq(): number {
    return Math.max(this.ring.firstSeq, this.#prunedTo + 1);
  }

  /** The `seq` that the next event will have. */
  get nextSeq(): number {
    return this.ring.nextSeq;
  }

  /** Binds the store to the pool that records into its ring. @internal */
  bind(pool: string): void {
    this.#pool = pool;
  }

  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    this.#checkOpen();
    const { ring } = this;
    const [first] = batch;
    if (first !== undefined) {
      const { seq, pool } = ring.nextSeq === 0 ? first : { seq: ring.nextSeq, pool: this.#pool };
      // All of it is checked before any of it is stored.
      const compact = batch.map((event, place) => compactOf(event, pool, seq + place));
      if (ring.nextSeq === 0) ring.startAt(seq);
      this.#pool = pool;
      for (const { code, at, id, n, detail } of compact) ring.append(code, at, id, n, detail);
    }
    return { lastSeq: ring.nextSeq - 1 };
  }

  /** The events held in a range, at once. Throws `StorePruned` where it starts before the first. */
  events({ fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 }: SeqRange = {}): PoolEvent[] {
    this.#checkHeld(fromSeq);
    const length = Math.min(toSeq, this.nextSeq - 1) - fromSeq + 1;
    return Array.from({ length: Math.max(0, length) }, (_, place) =>
      this.ring.event(this.#pool, fromSeq + place),
    );
  }

  *[Symbol.iterator](): Iterator<PoolEvent> {
    for (let seq = this.firstSeq; seq < this.nextSeq; seq++) {
      this.#checkHeld(seq);
      yield this.ring.event(this.#pool, seq);
    }
  }

  async *read({
    fromSeq = this.firstSeq,
    toSeq = this.nextSeq - 1,
  }: SeqRange = {}): AsyncGenerator<readonly PoolEvent[]> {
    this.#checkOpen();
    this.#checkHeld(fromSeq);
    const last = Math.min(toSeq, this.nextSeq - 1);
    for (let seq = fromSeq; seq <= last; seq += BATCH) {
      this.#checkOpen();
      yield this.events({ fromSeq: seq, toSeq: Math.min(last, seq + BATCH - 1) });
    }
  }

  async *tail({ fromSeq, signal }: TailOptions = {}): AsyncGenerator<readonly PoolEvent[]> {
    this.#checkOpen();
    // The first event, where there is none yet, may be any.
    let seq = fromSeq ?? (this.nextSeq === 0 ? undefined : this.firstSeq);
    while (!this.#closed && signal?.aborted !== true) {
      if (seq === undefined && this.nextSeq > 0) seq = this.firstSeq;
      if (seq !== undefined && seq < this.nextSeq) {
        const batch = this.events({ fromSeq: seq, toSeq: seq + BATCH - 1 });
        seq += batch.length;
        yield batch;
      } else {
        await this.#appended(signal);
      }
    }
  }

  async snapshot(snapshot: StoreSnapshot): Promise<void> {
    this.#checkOpen();
    const { seq, prune = false } = snapshot;
    checkPrune(prune);
    if (seq >= (this.#snapshot?.seq ?? -1)) this.#snapshot = snapshot;
    const first = await firstToKeep(prune, seq, {
      firstSeq: this.firstSeq,
      nextSeq: this.nextSeq,
      at: (held) => this.ring.event(this.#pool, held).at,
    });
    this.#prunedTo = Math.max(this.#prunedTo, first - 1);
  }

  async latestSnapshot(): Promise<StoreSnapshot | undefined> {
    this.#checkOpen();
    return this.#snapshot;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
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

  #checkHeld(seq: number): void {
    if (seq >= this.firstSeq) return;
    throw new StorePruned(
      `expected a seq from ${this.firstSeq} on, which is the first event held, got ${seq}`,
    );
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
