/** The most recent events of a pool, in memory: what `pool.journal` is. */

import { StorePruned } from '../errors.ts';
import type { PoolEvent } from '../events/events.ts';
import { checkLimit } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { oneLine, PRINTED } from '../kit/printed.ts';
import { EventRing } from './event-ring.ts';
import { type SeqRange, seqRange } from './event-store.ts';

/** How many events are kept in memory by default. */
export const DEFAULT_JOURNAL_SIZE = 65_536;

/** How much data of users is kept by default, in bytes. */
const DEFAULT_JOURNAL_BYTES = 32 * 1024 * 1024;

/** How many events are kept in memory, and how much data. */
export interface HistoryOptions {
  /** How many events to keep; the oldest go first. Default: 65,536. `Infinity` keeps all. */
  readonly size?: number;
  /**
   * How much data of users the events may hold: items, arguments, progress, errors, reasons; about
   * as many bytes as they take as JSON. The oldest events go first, the newest one always stays.
   * Default: 32 MiB; `Infinity` where `size` is.
   */
  readonly bytes?: number;
}

/** The same, of which one must be given. */
export type MemoryLimits = HistoryOptions &
  ({ readonly size: number } | { readonly bytes: number });

const historyOptions = new OptionBag<HistoryOptions>({
  size: ['capacity', 'limit'],
  bytes: [],
});

/** @throws TypeError, RangeError for invalid limits. */
export function checkLimits({ size, bytes }: HistoryOptions, prefix = ''): void {
  if (size !== undefined) checkLimit(`${prefix}size`, size, 1);
  if (bytes !== undefined) checkLimit(`${prefix}bytes`, bytes, 1);
}

/**
 * A bounded ring of events in memory. Iterating over it yields the events it holds at that moment:
 * `replay(pool.journal)`.
 */
export class EventHistory implements Iterable<PoolEvent> {
  /** @internal */
  readonly ring: EventRing;
  /** The name of the pool whose events they are. @internal */
  pool = '';

  /** @throws RangeError if a limit is not a positive integer or `Infinity`. */
  constructor(options: HistoryOptions = {}) {
    historyOptions.check('a journal in memory', options);
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
    return this.ring.firstSeq;
  }

  /** The `seq` that the next event will have. */
  get nextSeq(): number {
    return this.ring.nextSeq;
  }

  [PRINTED](): string {
    const { firstSeq, nextSeq } = this;
    const events = nextSeq > firstSeq ? `events ${firstSeq} to ${nextSeq - 1}` : 'no events';
    return `${this.constructor.name}${this.pool && ` of ${oneLine(this.pool)}`}: ${events}`;
  }

  /** What it holds; the events are those that it yields. */
  toJSON(): { readonly pool: string; readonly firstSeq: number; readonly nextSeq: number } {
    const { pool, firstSeq, nextSeq } = this;
    return { pool, firstSeq, nextSeq };
  }

  /** Binds it to the pool that records into its ring. @internal */
  bind(pool: string): void {
    this.pool = pool;
  }

  /** The events held in a range, at once. Throws `StorePruned` where it starts before the first. */
  events(range: SeqRange = {}): PoolEvent[] {
    seqRange.check('events()', range);
    const { fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 } = range;
    this.checkHeld(fromSeq);
    const lastSeq = Math.min(toSeq, this.nextSeq - 1);
    const events: PoolEvent[] = [];
    for (let seq = fromSeq; seq <= lastSeq; seq++) events.push(this.ring.event(this.pool, seq));
    return events;
  }

  *[Symbol.iterator](): Iterator<PoolEvent> {
    for (let seq = this.firstSeq; seq < this.nextSeq; seq++) {
      this.checkHeld(seq);
      yield this.ring.event(this.pool, seq);
    }
  }

  /** @throws StorePruned @internal */
  checkHeld(seq: number): void {
    if (seq >= this.firstSeq) return;
    throw new StorePruned(
      `expected a seq from ${this.firstSeq} on, which is the first event held, got ${seq}`,
    );
  }
}
