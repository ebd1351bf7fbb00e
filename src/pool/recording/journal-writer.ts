/** Carries what was recorded from memory to a store, in batches, in the order of `seq`. */

import type { EventStore, Prune } from '../../journal/event-store.ts';
import type { MemoryStore } from '../../journal/memory-store.ts';
import type { PoolCheckpoint } from '../../machines/checkpoint.ts';
import type { EventWriter, WriterOptions } from './event-writer.ts';

/** What one batch holds at the most: an append must not block the event loop for long. */
const BATCH = { events: 500, bytes: 1024 * 1024 };
/** What may wait to be written before no more tasks are started. */
const BACKLOG = { events: 16_384, bytes: 16 * 1024 * 1024 };

export class JournalWriter implements EventWriter {
  readonly #memory: MemoryStore;
  readonly #store: EventStore;
  readonly #options: WriterOptions;
  /** The `seq` of the next event to write. */
  #next: number;
  /** The weight of what was written. */
  #written: number;
  /** The `seq` of the next event when a checkpoint was taken last. */
  #checkpointed: number;
  #writing: Promise<void> | undefined = undefined;
  #failure: { readonly cause: unknown } | undefined = undefined;

  constructor(memory: MemoryStore, store: EventStore, options: WriterOptions) {
    this.#memory = memory;
    this.#store = store;
    this.#options = options;
    this.#next = memory.nextSeq;
    this.#written = memory.ring.totalWeight;
    this.#checkpointed = memory.nextSeq;
    memory.ring.pin(this.#next);
  }

  get isBehind(): boolean {
    if (this.#failure !== undefined) return true;
    const { nextSeq, ring } = this.#memory;
    return (
      nextSeq - this.#next >= BACKLOG.events || ring.totalWeight - this.#written >= BACKLOG.bytes
    );
  }

  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  /** There will be an event to be written. */
  expect(): void {
    if (this.#failure !== undefined) return;
    this.#writing ??= this.#write();
  }

  expectTogether(): void {
    this.expect();
  }

  async drained(): Promise<void> {
    await this.#writing;
  }

  async checkpoint(state: PoolCheckpoint, prune: Prune): Promise<void> {
    while (this.#failure === undefined && this.#next <= state.seq) await this.drained();
    if (this.#failure !== undefined) throw this.#failure.cause;
    await this.#store.snapshot({ seq: state.seq, state, prune });
    this.#checkpointed = state.seq + 1;
  }

  async #write(): Promise<void> {
    // What else is recorded in this turn goes into the same batch.
    await undefined;
    try {
      while (this.#next < this.#memory.nextSeq) {
        await this.#writeBatch();
        if (this.#isCheckpointDue) await this.#writeCheckpoint();
      }
    } catch (error) {
      this.#failure = { cause: error };
      this.#memory.ring.pin(Number.POSITIVE_INFINITY);
      this.#options.onFailure(error);
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#memory.batch(this.#next, BATCH.events, BATCH.bytes);
    await this.#store.append(batch);
    for (const { seq } of batch) this.#written += this.#memory.ring.weight(seq);
    this.#next += batch.length;
    this.#memory.ring.pin(this.#next);
    this.#options.onProgress();
  }

  get #isCheckpointDue(): boolean {
    const { checkpoints } = this.#options;
    return checkpoints !== undefined && this.#next - this.#checkpointed >= checkpoints.every;
  }

  async #writeCheckpoint(): Promise<void> {
    const state = this.#options.takeCheckpoint();
    while (this.#next <= state.seq) await this.#writeBatch();
    const { prune = false } = this.#options.checkpoints ?? {};
    await this.#store.snapshot({ seq: state.seq, state, prune });
    this.#checkpointed = state.seq + 1;
  }
}
