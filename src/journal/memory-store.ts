/** The default journal: the most recent events, in memory. */

import { StoreClosed, StoreGap, StorePruned } from '../errors.ts';
import { type CompactEvent, encode } from '../event-table.ts';
import type { PoolEvent } from '../events.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { WakeUp } from '../kit/wake-up.ts';
import { EventRing } from './event-ring.ts';
import {
  type EventStore,
  type SeqRange,
  type StoreCheckpoint,
  seqRange,
  type TailOptions,
  tailOptions,
} from './event-store.ts';
import { checkPrune, firstToKeep } from './retention.ts';
import { upcast } from './upcast.ts';

/** How many events a {@link MemoryStore} keeps unless told otherwise. */
export const DEFAULT_JOURNAL_SIZE = 65_536;

/** How much data of users it keeps unless told otherwise, in bytes. */
const DEFAULT_JOURNAL_BYTES = 32 * 1024 * 1024;

/** How many events `read` and `tail` yield at once. */
const BATCH = 1024;

/** Options of a {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /** How many events to keep; the oldest go first. Default: 65,536. `Infinity` keeps all. */
  readonly size?: number;
  /**
   * How much data of users the events may hold: items, arguments, progress, errors, reasons; about
   * as many bytes as they take as JSON. The oldest events go first, the newest one always stays.
   * Default: 32 MiB; `Infinity` where `size` is.
   */
  readonly bytes?: number;
}

const memoryStoreOptions = new OptionBag<MemoryStoreOptions>({
  size: ['max', 'maxSize', 'capacity', 'limit', 'length'],
  bytes: ['maxBytes', 'byteLength', 'memory'],
});

/** @throws RangeError for limits that make no sense. */
export function checkLimits({ size, bytes }: MemoryStoreOptions, prefix = ''): void {
  for (const [name, limit] of [
    ['size', size],
    ['bytes', bytes],
  ] as const) {
    if (limit === undefined || limit === Number.POSITIVE_INFINITY) continue;
    if (Number.isSafeInteger(limit) && limit > 0) continue;
    throw new RangeError(
      `expected ${prefix}${name} to be a positive integer or Infinity, got ${limit}`,
    );
  }
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
  #stored: StoreCheckpoint | undefined = undefined;
  /** What `prune` dropped, though the ring may still hold it. */
  #prunedTo = -1;
  /** By tail: the next event that it gives. */
  readonly #tails = new Map<object, number>();
  /** What it is to hold once each tail has given all. */
  #shrinksTo: number | undefined = undefined;

  /** @throws RangeError if a limit is not a positive integer or `Infinity`. */
  constructor(options: MemoryStoreOptions = {}) {
    memoryStoreOptions.check('a journal in memory', options);
    checkLimits(options);
    const { size = DEFAULT_JOURNAL_SIZE } = options;
    const keepsAll = size === Number.POSITIVE_INFINITY;
    this.ring = new EventRing(size, options.bytes ?? (keepsAll ? size : DEFAULT_JOURNAL_BYTES));
  }

  /** How many events it keeps at the most. */
  get size(): number {
    return this.ring.size;
  }

  /** How much data of users they may hold, about in bytes of JSON. */
  get bytes(): number {
    return this.ring.bytes;
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
  events(range: SeqRange = {}): PoolEvent[] {
    seqRange.check('events()', range);
    const { fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 } = range;
    this.#checkHeld(fromSeq);
    const length = Math.min(toSeq, this.nextSeq - 1) - fromSeq + 1;
    return Array.from({ length: Math.max(0, length) }, (_, place) =>
      this.ring.event(this.#pool, fromSeq + place),
    );
  }

  /** The events from a `seq` on: up to so many, and so many bytes, and at least one. @internal */
  batch(fromSeq: number, most: number, bytes: number): PoolEvent[] {
    const end = Math.min(this.nextSeq, fromSeq + most);
    let weight = 0;
    let seq = fromSeq;
    do weight += this.ring.weight(seq++);
    while (seq < end && weight + this.ring.weight(seq) <= bytes);
    return this.events({ fromSeq, toSeq: seq - 1 });
  }

  /** Holds no more than so many bytes from now on, or once each `tail` has given all. @internal */
  shrink(bytes: number): void {
    const isBehind = [...this.#tails.values()].some((seq) => seq < this.nextSeq);
    this.#shrinksTo = isBehind ? bytes : undefined;
    if (!isBehind) this.ring.bytes = Math.min(this.ring.bytes, bytes);
  }

  *[Symbol.iterator](): Iterator<PoolEvent> {
    for (let seq = this.firstSeq; seq < this.nextSeq; seq++) {
      this.#checkHeld(seq);
      yield this.ring.event(this.#pool, seq);
    }
  }

  async *read(range: SeqRange = {}): AsyncGenerator<readonly PoolEvent[]> {
    seqRange.check('read()', range);
    const { fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 } = range;
    this.#checkOpen();
    this.#checkHeld(fromSeq);
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
    const tail = {};
    try {
      while (!this.#closed && signal?.aborted !== true) {
        if (seq === undefined && this.nextSeq > 0) seq = this.firstSeq;
        if (seq !== undefined && seq < this.nextSeq) {
          const batch = this.events({ fromSeq: seq, toSeq: seq + BATCH - 1 });
          seq += batch.length;
          this.#noteTail(tail, seq);
          yield batch;
        } else {
          this.#noteTail(tail, seq ?? 0);
          await this.#appended(signal);
        }
      }
    } finally {
      this.#tails.delete(tail);
      if (this.#shrinksTo !== undefined) this.shrink(this.#shrinksTo);
    }
  }

  #noteTail(tail: object, seq: number): void {
    this.#tails.set(tail, seq);
    if (this.#shrinksTo !== undefined) this.shrink(this.#shrinksTo);
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
