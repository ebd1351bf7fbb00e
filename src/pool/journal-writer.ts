/** Carries what was recorded from memory to a store, in batches, in the order of `seq`. */

import type { EventStore } from '../journal/event-store.ts';
import type { MemoryStore } from '../journal/memory-store.ts';

/** Events of one batch at the most: an append must not block the event loop for long. */
const BATCH = 500;
/** So many events may wait to be written before no more tasks are started. */
const BACKLOG = 16_384;

export class JournalWriter {
  readonly #memory: MemoryStore;
  readonly #store: EventStore;
  readonly #onProgress: () => void;
  readonly #onFailure: (error: unknown) => void;
  /** The `seq` of the next event to write. */
  #next = 0;
  #writing: Promise<void> | undefined = undefined;
  #failure: { readonly cause: unknown } | undefined = undefined;

  /**
   * @param onProgress called after each batch.
   * @param onFailure called once; nothing is written after it.
   */
  constructor(
    memory: MemoryStore,
    store: EventStore,
    onProgress: () => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#memory = memory;
    this.#store = store;
    this.#onProgress = onProgress;
    this.#onFailure = onFailure;
    memory.ring.pin(0);
  }

  /** Whether so much waits to be written that nothing more should be started. */
  get isBehind(): boolean {
    return this.#failure === undefined && this.#memory.nextSeq - this.#next >= BACKLOG;
  }

  /** What the store failed with; nothing is written after it. */
  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  /** There are events to be written. */
  poke(): void {
    if (this.#failure !== undefined) return;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything recorded so far is written, or writing has failed. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    // What else is recorded in this turn goes into the same batch.
    await undefined;
    try {
      while (this.#next < this.#memory.nextSeq) await this.#writeBatch();
    } catch (error) {
      this.#failure = { cause: error };
      this.#memory.ring.pin(Number.POSITIVE_INFINITY);
      this.#onFailure(error);
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#memory.events({ fromSeq: this.#next, toSeq: this.#next + BATCH - 1 });
    await this.#store.append(batch);
    this.#next += batch.length;
    this.#memory.ring.pin(this.#next);
    this.#onProgress();
  }
}
