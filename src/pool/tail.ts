/** Passes recorded events on in batches, without an object for each. */

import { Code, EVENT_TYPES, type EventCode } from '../events/event-codes.ts';
import { type EventColumns, RingColumns } from '../journal/columns.ts';
import { BasePool } from './base-pool.ts';
import type { Core } from './core.ts';
import type { Witness } from './door/door.ts';
import { observe } from './door/observe.ts';

/** Receives the events of a tail. */
export interface TailReader {
  /**
   * Called when there are new events, once until they are taken. The pool is in the middle of recording: schedule a
   * call of `take()` instead of calling it here.
   */
  ready(): void;
  /** Receives all events since the last call. */
  take(events: EventColumns): void;
}

/** A subscription that delivers events in batches. */
export interface Tail {
  /** Passes all new events to the reader. */
  take(): void;
  /** Passes all new events to the reader and ends the subscription. */
  end(): void;
}

/** The most events in a batch, and the most bytes of user data: until they are taken, the ring holds them. */
const MOST_EVENTS = 1024;
const MOST_DATA = 1_048_576;

const CODES: readonly EventCode[] = /* @__PURE__ */ EVENT_TYPES.map((_, code) => code);

class PoolTail implements Witness, Tail {
  readonly allowsRelay = true;
  readonly #core: Core;
  readonly #reader: TailReader;
  readonly #unobserve: () => void;
  /** The first event that the reader has not received yet. */
  #next: number;
  /** The total weight of user data before that event. */
  #weight: number;
  #isReady = false;

  constructor(core: Core, reader: TailReader) {
    const { door, stopwatch } = core;
    const { ring } = door.journal;
    this.#core = core;
    this.#reader = reader;
    this.#next = ring.nextSeq;
    this.#weight = ring.totalWeight;
    ring.pin(this, this.#next);
    this.#unobserve = observe(door, this, CODES);
    stopwatch.want(this, true);
  }

  see(code: EventCode): void {
    if (!this.#isReady) {
      this.#isReady = true;
      this.#reader.ready();
    }
    const { ring } = this.#core.door.journal;
    const isMuch = ring.nextSeq - this.#next >= MOST_EVENTS;
    const isHeavy = ring.totalWeight - this.#weight >= MOST_DATA;
    // The journal of a closed pool can be released at any time.
    if (isMuch || isHeavy || code === Code.poolClosed) this.take();
  }

  take(): void {
    const { door, logger } = this.#core;
    const { journal, state } = door;
    const { nextSeq, totalWeight } = journal.ring;
    const first = this.#next;
    this.#isReady = false;
    if (nextSeq === first) return;
    this.#next = nextSeq;
    this.#weight = totalWeight;
    try {
      this.#reader.take(new RingColumns(journal.ring, state.name, first, nextSeq - first));
    } catch (error) {
      logger.error(`passing on the events ${first} to ${nextSeq - 1} failed`, error);
    }
    journal.ring.pin(this, nextSeq);
  }

  end(): void {
    const { door, stopwatch } = this.#core;
    this.take();
    stopwatch.want(this, false);
    this.#unobserve();
    door.journal.ring.pin(this, Number.POSITIVE_INFINITY);
  }
}

/**
 * Subscribes a reader to the events of a pool from now on, in batches.
 *
 * @returns undefined if `pool` is not a pool of this copy of the package.
 */
export function tail(pool: BasePool, reader: TailReader): Tail | undefined {
  return pool instanceof BasePool ? new PoolTail(BasePool.coreOf(pool), reader) : undefined;
}
