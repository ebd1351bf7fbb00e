/** Writes recorded events to an asynchronous store, in batches, in the order of `seq`. */

import { StoreClosed } from '../../errors.ts';
import { type EventColumns, RingColumns } from '../../journal/columns.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import type { EventStore, Prune } from '../../journal/event-store.ts';
import { checkSignal } from '../../kit/checks.ts';
import { onAbort, reasonOf } from '../../kit/on-abort.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Persister, WriterOptions } from '../door/persister.ts';
import { releaseHistory } from './release-history.ts';
import { storeCheckpoint } from './store-checkpoint.ts';

/** What one batch holds at the most, unless a single event holds more: an append must not block the event loop for long. */
const BATCH = { events: 2000, bytes: 256 * 1024 };
/** What may wait to be written before no more tasks are started. */
const BACKLOG = { events: 16_384, bytes: 16 * 1024 * 1024 };

/** A store that makes no objects of the events that a pool has in columns. */
interface ColumnStore extends EventStore {
  /** Does all that `append` does. */
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
  /** The weight of what was written. */
  #written: number;
  /** The `seq` of the next event when a checkpoint was taken last. */
  #checkpointed: number;
  #writing: Promise<void> | undefined = undefined;
  #storing: Promise<void> | undefined = undefined;
  /** Those waiting for the next batch. */
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
    // It is known before there is a pool that could say so.
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

  /** There will be an event to be written. */
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
    // What else is recorded in this turn goes into the same batch.
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
    if (!isLight) for (let seq = first; seq < end; seq++) this.#written += ring.weight(seq);
    this.#next = end;
    ring.pin(this, end);
    this.#wake();
    this.#options.onProgress();
  }

  /** Of columns no objects are made, if the store can do without. */
  #append(first: number, end: number): Promise<unknown> {
    const store = this.#store;
    const { ring, pool } = this.#history;
    if (takesColumns(store)) {
      return store.appendColumns(new RingColumns(ring, pool, first, end - first));
    }
    return store.append(this.#history.events({ fromSeq: first, toSeq: end - 1 }));
  }

  /** Where the next batch ends if nothing to be written weighs anything: most tasks have no data. */
  #endOfLight(): number {
    return Math.min(this.#endSeq, this.#next + BATCH.events);
  }

  /** The same otherwise; it holds at least one event. */
  #endOfHeavy(): number {
    const { ring } = this.#history;
    const end = this.#endOfLight();
    let weight = 0;
    let seq = this.#next;
    do weight += ring.weight(seq++);
    while (seq < end && weight + ring.weight(seq) <= BATCH.bytes);
    return seq;
  }

  /** The `seq` of the first event that is not to be written yet, or never. */
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
    // One that is still being stored is not overtaken.
    if (checkpoints === undefined || this.#storing !== undefined) return false;
    // The state of a pool that is suspended goes further than what is written.
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
