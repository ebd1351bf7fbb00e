/** The events of a pool as far back as there are any: in memory, and before those in its store. */

import {
  type EventHistory,
  type PoolCheckpoint,
  type PoolEvent,
  type Projection,
  type RebuiltPool,
  rebuilding,
  type StoredEvents,
} from '../../index.ts';
import { inSlices, Slices } from './slices.ts';

/** How many events in memory are taken in one go. */
const STRIDE = 512;

/** Makes something of the next event. Returns false when it has enough. */
type Visitor = (event: PoolEvent) => boolean | undefined;

export class Past {
  /** The last events, in memory. */
  readonly journal: EventHistory;
  readonly #store: StoredEvents | undefined;
  /** The first event of the store; undefined until it was looked at. */
  #firstStored: number | undefined = undefined;
  #opening: Promise<PoolCheckpoint | undefined> | undefined = undefined;

  constructor(journal: EventHistory, store: StoredEvents | undefined) {
    this.journal = journal;
    this.#store = store;
  }

  /** The first event that there is, as far as is known. */
  get firstSeq(): number {
    return Math.min(this.#firstStored ?? Number.POSITIVE_INFINITY, this.journal.firstSeq);
  }

  /** The last event so far. */
  get lastSeq(): number {
    return this.journal.nextSeq - 1;
  }

  /**
   * Looks how far back the store goes.
   *
   * @returns the state that it keeps in place of earlier events, the first time.
   */
  async open(): Promise<PoolCheckpoint | undefined> {
    // What memory has needs no store.
    if (this.#store === undefined || this.journal.firstSeq === 0) return undefined;
    if (this.#opening !== undefined) {
      await this.#opening;
      return undefined;
    }
    this.#opening = this.#open(this.#store).catch(() => undefined);
    return this.#opening;
  }

  /** The store has dropped some of its events. */
  reopen(): void {
    this.#opening = undefined;
    this.#firstStored = undefined;
  }

  /** When an event was recorded, in milliseconds since the epoch; undefined if it is not there. */
  async timeOf(seq: number): Promise<number | undefined> {
    let at: number | undefined;
    if (seq < this.firstSeq || seq > this.lastSeq) return undefined;
    await this.visit(seq, seq, (event) => {
      at = event.at;
      return false;
    });
    return at;
  }

  /** Visits events from one to another, in slices of a few milliseconds. */
  async visit(
    fromSeq: number,
    toSeq: number,
    visitor: Visitor,
    signal?: AbortSignal,
  ): Promise<void> {
    const slices = new Slices(signal);
    for await (const batch of this.batches(fromSeq, Math.min(toSeq, this.lastSeq))) {
      for (const event of batch) if (visitor(event) === false) return;
      await slices.pause();
    }
  }

  /**
   * The events from one to another, by default the last there is when they have been taken: from the store
   * those that memory does not hold any more, also what it drops in the meantime.
   *
   * @throws StorePruned if neither holds the next one.
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
      // Where the store has nothing of it, memory refuses.
      if (next > begin) continue;
      const last = Math.min(toSeq, next + STRIDE - 1);
      const batch = journal.events({ fromSeq: next, toSeq: last });
      next += batch.length;
      yield batch;
    }
  }

  /** Those of the store that memory does not hold any more. */
  #stored(fromSeq: number, toSeq: number): AsyncIterable<readonly PoolEvent[]> | readonly [] {
    const last = Math.min(toSeq, this.journal.firstSeq - 1);
    return this.#store?.read({ fromSeq, toSeq: last }) ?? [];
  }

  /** Applies the events up to one to a state of the pool. */
  async rebuild(pool: RebuiltPool, toSeq: number, signal?: AbortSignal): Promise<void> {
    const { journal } = this;
    while (pool.seq < toSeq) {
      if (pool.seq + 1 < journal.firstSeq) {
        const last = Math.min(toSeq, journal.firstSeq - 1);
        await this.apply(rebuilding, pool, last, signal);
      }
      await inSlices(
        () => {
          if (pool.seq + 1 < journal.firstSeq) return false;
          pool.advance(journal, Math.min(toSeq, pool.seq + STRIDE));
          return pool.seq < toSeq;
        },
        signal,
        1,
      );
    }
  }

  /** Applies the events up to one to the state of a projection, which it changes in place. */
  apply<S extends { readonly seq: number }>(
    projection: Projection<S>,
    state: S,
    toSeq: number,
    signal?: AbortSignal,
  ): Promise<void> {
    if (state.seq >= toSeq) return Promise.resolve();
    const step = (event: PoolEvent): undefined => void projection.apply(state, event);
    return this.visit(state.seq + 1, toSeq, step, signal);
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
