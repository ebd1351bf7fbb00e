/** Writes recorded events to an asynchronous store, in batches, in the order of `seq`. */

import { StoreClosed } from '../../errors.ts';
import { type EventColumns, RingColumns } from '../../journal/columns.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import type { EventRing } from '../../journal/event-ring.ts';
import type { EventStore, Prune } from '../../journal/event-store.ts';
import { checkSignal } from '../../kit/checks.ts';
import { onAbort, reasonOf } from '../../kit/on-abort.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Persister, WriterOptions } from '../door/persister.ts';
import { releaseHistory } from './release-history.ts';
import { storeCheckpoint } from './store-checkpoint.ts';

/**
 * The most events and bytes of a batch, unless a single event is larger: an append must not block the event loop for
 * long.
 */
const BATCH = { events: 2000, bytes: 256 * 1024 };
/** No more tasks are started while this much waits to be written. */
const BACKLOG = { events: 16_384, bytes: 16 * 1024 * 1024 };

/** A store that takes events as columns, without an object for each. */
interface ColumnStore extends EventStore {
  /** Like `append`, for columns. */
  appendColumns(columns: EventColumns): Promise<unknown>;
}

function takesColumns(store: EventStore): store is ColumnStore {
  return 'appendColumns' in store;
}

export class JournalWriter implements Persister {
  readonly writesLater = true;
  readonly #history: EventHistory;
  readonly #store: EventStore;
  readonly #options: WriterOptions;
  /** The `seq` of the next event to write. */
  #next: number;
  /** The `seq` of the first event that is not to be written. */
  #end = Number.POSITIVE_INFINITY;
  /** The total weight of the written events. */
  #written: number;
  /** The `seq` of the event after the last checkpoint. */
  #checkpointed: number;
  #writing: Promise<void> | undefined = undefined;
  #storing: Promise<void> | undefined = undefined;
  /** Resolve the promises that wait for the next batch. */
  readonly #waiting: (() => void)[] = [];
  #failure: { readonly cause: unknown } | undefined = undefined;

  constructor(history: EventHistory, store: EventStore, options: WriterOptions) {
    this.#history = history;
    this.#store = store;
    this.#options = options;
    this.#next = history.nextSeq;
    this.#written = history.ring.totalWeight;
    this.#checkpointed = history.nextSeq;
    history.ring.pin(this, this.#next);
    const { failed } = store;
    if (failed === undefined) return;
    checkSignal('failed of the store', failed);
    // The store has already failed, so no pool is created.
    if (failed.aborted) throw reasonOf(failed);
    onAbort(failed, (reason) => this.#fail(reason));
  }

  get isBehind(): boolean {
    if (this.#failure !== undefined) return true;
    const { nextSeq, ring } = this.#history;
    return (
      nextSeq - this.#next >= BACKLOG.events || ring.totalWeight - this.#written >= BACKLOG.bytes
    );
  }

  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  /** Schedules writing. */
  persist(): void {
    if (this.#failure !== undefined) return;
    this.#writing ??= this.#write();
  }

  persistTogether(): void {
    this.persist();
  }

  seal(): void {
    this.#end = this.#history.nextSeq;
  }

  async stored(seq: number): Promise<void> {
    while (this.#failure === undefined && this.#next <= seq && seq < this.#end)
      await this.#progress();
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (seq >= this.#end)
      throw new StoreClosed('expected a store that is written to, got a sealed one');
  }

  async drained(): Promise<void> {
    await this.#writing;
    await this.#storing;
  }

  release(): Promise<void> {
    return releaseHistory(this, this.#history);
  }

  async checkpoint(capture: Capture, prune: Prune): Promise<void> {
    try {
      await this.stored(capture.seq);
    } catch (error) {
      capture.end();
      throw error;
    }
    this.#checkpointed = Math.max(this.#checkpointed, capture.seq + 1);
    await storeCheckpoint(this.#store, capture, prune);
  }

  async #write(): Promise<void> {
    // Other events of this turn go into the same batch.
    await undefined;
    try {
      while (this.#next < this.#endSeq && this.#failure === undefined) {
        await this.#writeBatch();
        if (this.#isCheckpointDue) this.#storing = this.#storeCheckpoint();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { cause: error };
    this.#history.ring.pin(this, Number.POSITIVE_INFINITY);
    this.#wake();
    this.#options.onFailure(error);
  }

  async #writeBatch(): Promise<void> {
    const { ring } = this.#history;
    const first = this.#next;
    const isLight = ring.totalWeight === this.#written;
    const end = isLight ? this.#endOfLight() : this.#endOfHeavy();
    await this.#append(first, end);
    if (!isLight) for (let seq = first; seq < end; seq++) this.#written += weightAt(ring, seq);
    this.#next = end;
    ring.pin(this, end);
    this.#wake();
    this.#options.onProgress();
  }

  /** Avoids creating an object for each event if the store takes columns. */
  #append(first: number, end: number): Promise<unknown> {
    const store = this.#store;
    const { ring, pool } = this.#history;
    if (takesColumns(store)) {
      return store.appendColumns(new RingColumns(ring, pool, first, end - first));
    }
    return store.append(this.#history.events({ fromSeq: first, toSeq: end - 1 }));
  }

  /** The end of the next batch if no unwritten event has a weight: most tasks have no data. */
  #endOfLight(): number {
    return Math.min(this.#endSeq, this.#next + BATCH.events);
  }

  /** The end of the next batch otherwise; it contains at least one event. */
  #endOfHeavy(): number {
    const { ring } = this.#history;
    const end = this.#endOfLight();
    let weight = 0;
    let seq = this.#next;
    do weight += weightAt(ring, seq++);
    while (seq < end && weight + weightAt(ring, seq) <= BATCH.bytes);
    return seq;
  }

  /** The `seq` of the first event that cannot be written yet, or never will be. */
  get #endSeq(): number {
    return Math.min(this.#history.nextSeq, this.#end);
  }

  /** Resolves after the next batch, or when writing has failed. */
  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  get #isCheckpointDue(): boolean {
    const { checkpoints } = this.#options;
    // One checkpoint at a time.
    if (checkpoints === undefined || this.#storing !== undefined) return false;
    // The state of a suspended pool is ahead of the written events.
    if (this.#end !== Number.POSITIVE_INFINITY) return false;
    return this.#next - this.#checkpointed >= checkpoints.every;
  }

  /** Stores a checkpoint while batches are written. */
  async #storeCheckpoint(): Promise<void> {
    const { prune = false } = this.#options.checkpoints ?? {};
    try {
      await this.checkpoint(this.#options.capture(), prune);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#storing = undefined;
    }
  }
}

/** The weight of the held event with this `seq`. */
function weightAt(ring: EventRing, seq: number): number {
  return ring.chunkOf(seq).weightOf(ring.placeOf(seq));
}
