/** Writes each event to a synchronous store before it is recorded. */

import { Code, decode, type EventCode } from '../../events/event-codes.ts';
import type { PoolEvent } from '../../events/events.ts';
import type { EventHistory } from '../../journal/event-history.ts';
import type { EventStore, Prune } from '../../journal/event-store.ts';
import { weightOf } from '../../journal/weight.ts';
import { isThenable, markHandled } from '../../kit/promises.ts';
import type { Capture } from '../../machines/capture.ts';
import type { Persister, Recording, WriterOptions } from '../door/persister.ts';
import { releaseHistory } from './release-history.ts';
import { storeCheckpoint } from './store-checkpoint.ts';

/** The most bytes of a batch, unless a single event is larger. */
const BATCH_BYTES = 1024 * 1024;

/** A store that can write synchronously. */
export type SyncStore = EventStore & Required<Pick<EventStore, 'appendSync'>>;

export class SyncJournalWriter implements Persister {
  readonly writesLater = false;
  readonly #pool: string;
  readonly #history: EventHistory;
  readonly #store: SyncStore;
  readonly #options: WriterOptions;
  /** The `seq` of the event after the last checkpoint. */
  #checkpointed: number;
  #failure: { readonly cause: unknown } | undefined = undefined;
  /** The last checkpoint being stored. */
  #storing: Promise<void> = Promise.resolve();
  #isStoring = false;
  #isSealed = false;

  constructor(pool: string, history: EventHistory, store: SyncStore, options: WriterOptions) {
    this.#pool = pool;
    this.#history = history;
    this.#store = store;
    this.#options = options;
    this.#checkpointed = history.nextSeq;
  }

  get isBehind(): boolean {
    return this.#failure !== undefined;
  }

  get failure(): { readonly cause: unknown } | undefined {
    return this.#failure;
  }

  persist(seq: number, at: number, code: EventCode, id: number, n: number, detail: unknown): void {
    if (this.#isOver) return;
    this.#checkpointIfDue(seq);
    try {
      this.#append([decode(this.#pool, seq, at, code, id, n, detail)]);
    } catch (error) {
      // If not even its first event can be written, the pool must not exist.
      if (code === Code.poolCreated) throw error;
      this.#fail(error);
    }
  }

  /** In as few batches as their size allows; a recovery drops a call that is incomplete. */
  persistTogether(seq: number, at: number, together: readonly Recording[]): void {
    if (this.#isOver) return;
    this.#checkpointIfDue(seq);
    try {
      let batch: PoolEvent[] = [];
      let weight = 0;
      for (const [place, { code, n, detail }] of together.entries()) {
        const added = weightOf(code, detail);
        if (batch.length > 0 && weight + added > BATCH_BYTES) {
          this.#append(batch);
          batch = [];
          weight = 0;
        }
        weight += added;
        batch.push(decode(this.#pool, seq + place, at, code, 0, n, detail));
      }
      this.#append(batch);
    } catch (error) {
      this.#fail(error);
    }
  }

  seal(): void {
    this.#isSealed = true;
  }

  async stored(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  async drained(): Promise<void> {
    await this.#storing;
  }

  release(): Promise<void> {
    return releaseHistory(this, this.#history);
  }

  async checkpoint(capture: Capture, prune: Prune): Promise<void> {
    if (this.#failure !== undefined) {
      capture.end();
      throw this.#failure.cause;
    }
    this.#checkpointed = Math.max(this.#checkpointed, capture.seq + 1);
    await storeCheckpoint(this.#store, capture, prune);
  }

  /** @throws TypeError if the store returns a promise instead of writing synchronously. */
  #append(batch: readonly PoolEvent[]): void {
    const answer: unknown = this.#store.appendSync(batch);
    if (!isThenable(answer)) return;
    markHandled(answer);
    throw new TypeError('expected events to be stored once appendSync() returns, got a promise');
  }

  get #isOver(): boolean {
    return this.#isSealed || this.#failure !== undefined;
  }

  #checkpointIfDue(seq: number): void {
    const { checkpoints } = this.#options;
    if (checkpoints === undefined || seq - this.#checkpointed < checkpoints.every) return;
    // One checkpoint at a time.
    if (this.#isStoring) return;
    const { prune = false } = checkpoints;
    this.#isStoring = true;
    this.#storing = this.checkpoint(this.#options.capture(), prune)
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#isStoring = false;
      });
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { cause: error };
    this.#options.onFailure(error);
  }
}
