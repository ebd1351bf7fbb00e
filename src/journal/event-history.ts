/** The most recent events of a pool, in memory: `pool.journal`. */

import { StorePruned } from '../errors.ts';
import type { PoolEvent } from '../events/events.ts';
import { checkPositiveLimit } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { oneLine, PRINTED } from '../kit/printed.ts';
import { EventRing } from './event-ring.ts';
import { type SeqRange, seqRange } from './event-store.ts';

/** How many events are kept in memory by default. */
export const DEFAULT_JOURNAL_SIZE = 65_536;

/** How much user data is kept by default, in bytes. */
const DEFAULT_JOURNAL_BYTES = 32 * 1024 * 1024;

/** How many events are kept in memory, and how much data. */
export interface HistoryOptions {
  /** How many events to keep, at least 1; the oldest are dropped first. `Infinity` keeps all. Default: 65,536. */
  readonly size?: number;
  /**
   * How much user data the events may hold: items, arguments, results, progress, errors and reasons, in approximate
   * bytes of JSON, at least 1. The oldest events are dropped first, the newest one always stays. Default: 32 MiB, or
   * `Infinity` if `size` is `Infinity`.
   */
  readonly bytes?: number;
}

/** The same options, at least one of which must be given. */
export type MemoryLimits = HistoryOptions &
  ({ readonly size: number } | { readonly bytes: number });

export const historyOptions = new OptionBag<HistoryOptions>({
  size: [checkPositiveLimit, 'capacity', 'limit'],
  bytes: [checkPositiveLimit],
});

/** The call in errors of these options. */
export const IN_MEMORY = 'a journal in memory';

/**
 * A bounded ring of events in memory. Iterating over it yields the events it holds at that moment:
 * `replay(pool.journal)`.
 */
export class EventHistory implements Iterable<PoolEvent> {
  /** @internal */
  readonly ring: EventRing;
  /** The name of the pool whose events they are. @internal */
  pool = '';

  /** @throws TypeError, RangeError if a limit is not a positive integer or `Infinity`. */
  constructor(options: HistoryOptions = {}) {
    historyOptions.check(IN_MEMORY, options);
    const { size = DEFAULT_JOURNAL_SIZE } = options;
    const keepsAll = size === Number.POSITIVE_INFINITY;
    this.ring = new EventRing(size, options.bytes ?? (keepsAll ? size : DEFAULT_JOURNAL_BYTES));
  }

  /** The most events that it keeps. */
  get size(): number {
    return this.ring.size;
  }

  /** The most user data that the events may hold, in approximate bytes of JSON. */
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

  /** The JSON form: the range of events that it holds, without the events. */
  toJSON(): { readonly pool: string; readonly firstSeq: number; readonly nextSeq: number } {
    const { pool, firstSeq, nextSeq } = this;
    return { pool, firstSeq, nextSeq };
  }

  /** Binds it to the pool that records into its ring. @internal */
  bind(pool: string): void {
    this.pool = pool;
  }

  /**
   * The held events of a range as an array.
   * @throws StorePruned if the range starts before the first held event; TypeError, RangeError for an invalid range.
   */
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
      `expected a seq of at least ${this.firstSeq}, which is the first event held, got ${seq}`,
    );
  }
}
