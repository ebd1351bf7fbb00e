/** The events of a pool: those in memory, and before that those in its store. */

import {
  type EventHistory,
  type PoolCheckpoint,
  type PoolEvent,
  type Projection,
  type RebuiltPool,
  rebuilding,
  type StoredEvents,
} from '../../index.ts';
import { Slices } from './slices.ts';

/** The number of events read from memory at a time. */
const STRIDE = 512;

/** Handles an event. Returns false to stop. */
type Visitor = (event: PoolEvent) => boolean | undefined;

export class Past {
  /** The latest events, in memory. */
  readonly journal: EventHistory;
  readonly #store: StoredEvents | undefined;
  /** The first event of the store; undefined until it was read. */
  #firstStored: number | undefined = undefined;
  #opening: Promise<PoolCheckpoint | undefined> | undefined = undefined;

  constructor(journal: EventHistory, store: StoredEvents | undefined) {
    this.journal = journal;
    this.#store = store;
  }

  /** The first event that is known to exist. */
  get firstSeq(): number {
    return Math.min(this.#firstStored ?? Number.POSITIVE_INFINITY, this.journal.firstSeq);
  }

  /** The last event so far. */
  get lastSeq(): number {
    return this.journal.nextSeq - 1;
  }

  /**
   * Determines how far back the store goes.
   *
   * @returns the first time, the checkpoint that the store keeps instead of earlier events.
   */
  async open(): Promise<PoolCheckpoint | undefined> {
    // Memory has all events, so the store is not needed.
    if (this.#store === undefined || this.journal.firstSeq === 0) return undefined;
    if (this.#opening !== undefined) {
      await this.#opening;
      return undefined;
    }
    this.#opening = this.#open(this.#store).catch(() => undefined);
    return this.#opening;
  }

  /** To be called after the store has dropped events. */
  reopen(): void {
    this.#opening = undefined;
    this.#firstStored = undefined;
  }

  /** When an event was recorded, in milliseconds since the epoch; undefined if it does not exist any more. */
  async timeOf(seq: number): Promise<number | undefined> {
    let at: number | undefined;
    if (seq < this.firstSeq || seq > this.lastSeq) return undefined;
    const take = (event: PoolEvent): false => {
      at = event.at;
      return false;
    };
    await this.visit(seq, seq, take, new Slices());
    return at;
  }

  /** Visits a range of events, in slices of a few milliseconds. */
  async visit(fromSeq: number, toSeq: number, visitor: Visitor, slices: Slices): Promise<void> {
    for await (const batch of this.batches(fromSeq, Math.min(toSeq, this.lastSeq))) {
      for (const event of batch) if (visitor(event) === false) return;
      await slices.pause();
    }
  }

  /**
   * Reads a range of events, by default up to the last one at the time of reading: from the store those that memory
   * does not hold any more, including those it drops meanwhile.
   *
   * @throws StorePruned if neither holds the next event.
   */
  async *batches(
    fromSeq: number,
    toSeq = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<readonly PoolEvent[]> {
    const { journal } = this;
    let next = fromSeq;
    while (next <= Math.min(toSeq, this.lastSeq)) {
      const begin = next;
      if (next < journal.firstSeq) {
        for await (const batch of this.#stored(next, toSeq)) {
          next = (batch.at(-1)?.seq ?? next - 1) + 1;
          yield batch;
        }
      }
      // If the store has none of it, reading from memory throws.
      if (next > begin) continue;
      const last = Math.min(toSeq, next + STRIDE - 1);
      const batch = journal.events({ fromSeq: next, toSeq: last });
      next += batch.length;
      yield batch;
    }
  }

  /** Reads events from the store that memory does not hold any more. */
  #stored(fromSeq: number, toSeq: number): AsyncIterable<readonly PoolEvent[]> | readonly [] {
    const last = Math.min(toSeq, this.journal.firstSeq - 1);
    return this.#store?.read({ fromSeq, toSeq: last }) ?? [];
  }

  /** Applies events to a state of the pool, up to a `seq`. */
  async rebuild(pool: RebuiltPool, toSeq: number, slices: Slices): Promise<void> {
    const { journal } = this;
    while (pool.seq < toSeq) {
      if (pool.seq + 1 < journal.firstSeq) {
        const last = Math.min(toSeq, journal.firstSeq - 1);
        await this.apply(rebuilding, pool, last, slices);
      }
      await slices.run(() => {
        if (pool.seq + 1 < journal.firstSeq) return false;
        pool.advance(journal, Math.min(toSeq, pool.seq + STRIDE));
        return pool.seq < toSeq;
      }, 1);
    }
  }

  /** Applies events to the state of a projection that changes in place, up to a `seq`. */
  apply<S extends { readonly seq: number }>(
    projection: Projection<S>,
    state: S,
    toSeq: number,
    slices: Slices,
  ): Promise<void> {
    if (state.seq >= toSeq) return Promise.resolve();
    const step = (event: PoolEvent): undefined => void projection.apply(state, event);
    return this.visit(state.seq + 1, toSeq, step, slices);
  }

  async #open(store: StoredEvents): Promise<PoolCheckpoint | undefined> {
    for await (const [first] of store.read()) {
      this.#firstStored = first?.seq;
      break;
    }
    if (this.#firstStored === 0) return undefined;
    return (await store.latestCheckpoint())?.state;
  }
}
