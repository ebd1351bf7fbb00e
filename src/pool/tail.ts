/** Passes recorded events on in batches, without an object for each. */

import { Code, EVENT_TYPES, type EventCode } from '../events/event-codes.ts';
import { type EventColumns, RingColumns } from '../journal/columns.ts';
import { BasePool } from './base-pool.ts';
import type { Core } from './core.ts';
import type { Witness } from './door/door.ts';

/** Gets the events of a tail. */
export interface TailReader {
  /**
   * There is something to take, for the first time since the last. The pool is recording: what is to be done
   * about it is to be scheduled.
   */
  ready(): void;
  /** Gets all that was recorded since the last time. */
  take(events: EventColumns): void;
}

/** A reader that is kept up to date. */
export interface Tail {
  /** Has the reader get what there is. */
  take(): void;
  /** Ends it; the reader gets what there is before. */
  end(): void;
}

/** So many events are handed out at once at the most, of so much data of users: both are held until then. */
const MOST_EVENTS = 1024;
const MOST_DATA = 1_048_576;

const CODES: readonly EventCode[] = /* @__PURE__ */ EVENT_TYPES.map((_, code) => code);

class PoolTail implements Witness, Tail {
  readonly allowsRelay = true;
  readonly #core: Core;
  readonly #reader: TailReader;
  /** The first event that the reader has not got yet. */
  #next: number;
  /** How much data of users there was before that. */
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
    door.addWitness(this);
    door.watch(this, CODES);
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
    // The journal of a pool that is closed may be gone at any time.
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
    door.watch(this, CODES, false);
    door.removeWitness(this);
    door.journal.ring.pin(this, Number.POSITIVE_INFINITY);
  }
}

/**
 * Has a reader get the events of a pool from now on.
 *
 * @returns undefined for a pool whose events are not recorded here.
 */
export function tail(pool: BasePool, reader: TailReader): Tail | undefined {
  return pool instanceof BasePool ? new PoolTail(BasePool.coreOf(pool), reader) : undefined;
}
