/** What all stores on the disk have in common: the rules of `EventStore`, over a {@link Medium}. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type CheckpointInParts,
  type CheckpointPart,
  type JournalStore,
  joinCheckpoint,
  journaling,
  type PoolEvent,
  type SeqRange,
  type StoreCheckpoint,
  StoreClosed,
  StoreCorrupt,
  StoreGap,
  StorePruned,
  splitCheckpoint,
  type TailOptions,
} from '../../index.ts';
import { seqRange, tailOptions } from '../../journal/event-store.ts';
import { checkPrune, firstToKeep } from '../../journal/retention.ts';
import { checkBatch, checkSize } from './check-batch.ts';
import type { Durability } from './durability.ts';
import { jsonOf } from './event-json.ts';
import type { LockFile } from './lock-file.ts';
import type { Batch, Medium } from './medium.ts';
import { PolledWakeUp } from './polled-wake-up.ts';
import { Serial } from './serial.ts';
import { slices } from './slices.ts';

/** How often a reader looks for what another process has written, in milliseconds. */
const POLL_MS = 25;

/** What a store on the disk was opened with. */
export interface DurableStoreSettings {
  readonly path: string;
  readonly durability: Durability;
  readonly readonly: boolean;
  /** Given back when the store is closed. */
  readonly lock?: LockFile;
}

export abstract class DurableStore implements JournalStore {
  readonly journaling = journaling;
  /** Where it is. */
  readonly path: string;
  readonly durability: Durability;
  /** Whether it only reads what another process writes, or has written. */
  readonly readonly: boolean;
  /** There if the durability is `event`. Throws what {@link append} rejects with. */
  readonly appendSync?: (batch: readonly PoolEvent[]) => void;

  readonly #medium: Medium;
  readonly #lock: LockFile | undefined;
  /** Whatever writes, one after the other. */
  readonly #writes = new Serial();
  /** Snapshots are stored one after the other, in steps between which there may be other writes. */
  readonly #snapshots = new Serial();
  /** How many appends are under way, or wait for their turn. A snapshot is in nobody's way. */
  #appends = 0;
  readonly #changes = new PolledWakeUp();
  #failure: { readonly cause: unknown } | undefined = undefined;
  #closing: Promise<void> | undefined = undefined;

  /** @internal */
  protected constructor(medium: Medium, settings: DurableStoreSettings) {
    this.#medium = medium;
    this.#lock = settings.lock;
    this.path = settings.path;
    this.durability = settings.durability;
    this.readonly = settings.readonly;
    if (settings.durability === 'event' && !settings.readonly) {
      this.appendSync = (batch) => this.#appendSync(batch);
    }
  }

  /** The `seq` of the first event it holds; `nextSeq` when it holds none. */
  get firstSeq(): number {
    return this.#medium.firstSeq;
  }

  /** The `seq` that the next event will have. */
  get nextSeq(): number {
    return this.#medium.nextSeq ?? 0;
  }

  /**
   * Appends events, and resolves when they are as durable as was promised.
   *
   * @throws StoreGap, TypeError if they are not what is due; nothing is stored then. `StoreFull`,
   * `StoreLocked`, `StoreRemoved` or an error of the system if they cannot be written; every later
   * append rejects with the same error then.
   */
  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    this.#checkOpen();
    this.#appends++;
    return this.#writes.run(async () => {
      try {
        const checked = this.#checked(batch);
        if (checked !== undefined) {
          await this.#medium.append(checked).catch((error) => this.#fail(error));
          this.#changes.wake();
        }
        return { lastSeq: this.nextSeq - 1 };
      } finally {
        this.#appends--;
      }
    });
  }

  #appendSync(batch: readonly PoolEvent[]): void {
    this.#checkOpen();
    if (this.#appends > 0) throw new TypeError('expected no append to be under way, got one');
    const checked = this.#checked(batch);
    if (checked === undefined) return;
    try {
      this.#medium.appendSync(checked);
    } catch (error) {
      this.#fail(error);
    }
    this.#changes.wake();
  }

  /**
   * The events of a range, checked while they are read.
   *
   * @throws StorePruned if it begins before the first event held, StoreCorrupt where what is stored
   * is damaged; all events before that have been given then.
   */
  async *read(range: SeqRange = {}): AsyncGenerator<readonly PoolEvent[]> {
    seqRange.check('read()', range);
    this.#checkOpen();
    this.#refresh();
    const { fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 } = range;
    this.#checkHeld(fromSeq);
    yield* this.#slices(fromSeq, Math.min(toSeq, this.nextSeq - 1));
    this.#checkOpen();
  }

  /** What is there and then what comes, also from another process. @throws as {@link read} does. */
  async *tail(options: TailOptions = {}): AsyncGenerator<readonly PoolEvent[]> {
    tailOptions.check('tail()', options);
    this.#checkOpen();
    this.#refresh();
    const { signal, fromSeq } = options;
    const isOver = (): boolean => !this.#isOpen || signal?.aborted === true;
    // The first event, where there is none yet, may be any.
    let next = fromSeq ?? this.#first;
    while (!isOver()) {
      next ??= this.#first;
      if (next !== undefined) this.#checkHeld(next);
      if (next !== undefined && next < this.nextSeq) {
        for await (const slice of this.#slices(next, this.nextSeq - 1)) {
          next += slice.length;
          yield slice;
          if (isOver()) return;
        }
      } else {
        await (this.readonly
          ? this.#changes.waitOrPoll(signal, POLL_MS)
          : this.#changes.wait(signal));
        if (this.#isOpen) this.#refresh();
      }
    }
  }

  /**
   * Stores a snapshot, and drops events if it is asked to.
   *
   * @throws StoreGap if it is of an event that is yet to come; what {@link append} throws.
   */
  async checkpoint({ seq, state, prune = false }: StoreCheckpoint): Promise<void> {
    await this.checkpointInParts({ seq, parts: splitCheckpoint(state), prune });
  }

  /** As {@link snapshot}, while other events are appended. @throws the same. */
  async checkpointInParts({ seq, parts, prune = false }: CheckpointInParts): Promise<void> {
    this.#checkOpen();
    checkPrune(prune);
    await this.#snapshots.run(() => this.#putSnapshot(seq, parts));
    const first = await firstToKeep(prune, seq, {
      firstSeq: this.firstSeq,
      nextSeq: this.nextSeq,
      read: (fromSeq, toSeq) => this.#slices(fromSeq, toSeq),
    });
    this.#checkOpen();
    // Step by step, so that an append is never held up for long.
    while (!(await this.#writes.run(() => first <= this.firstSeq || this.#medium.prune(first)))) {
      await nextTurn();
      this.#checkOpen();
    }
  }

  async #putSnapshot(seq: number, parts: CheckpointInParts['parts']): Promise<void> {
    const medium = this.#medium;
    const draft = await this.#writes.run(() => {
      this.#checkWritable();
      if (seq > (medium.nextSeq ?? seq + 1) - 1) {
        throw new StoreGap(`expected a snapshot up to seq ${this.nextSeq - 1}, got one of ${seq}`);
      }
      return seq < medium.snapshotSeq ? undefined : medium.draftSnapshot(seq);
    });
    if (draft === undefined) return;
    try {
      for (const part of parts) {
        // Between two parts an event may be appended, and whatever else waits gets its turn.
        await this.#writes.run(() => draft.add(JSON.stringify(part)));
        await nextTurn();
      }
      await this.#writes.run(() => draft.commit());
      while (!(await this.#writes.run(() => draft.tidy()))) await nextTurn();
    } catch (error) {
      await this.#writes.run(() => draft.discard()).catch(() => {});
      throw error;
    }
  }

  /** @throws StoreCorrupt if it is damaged. */
  async latestCheckpoint(): Promise<StoreCheckpoint | undefined> {
    this.#checkOpen();
    this.#refresh();
    const stored = await this.#medium.latestCheckpoint();
    if (stored === undefined) return undefined;
    const { seq, parts } = stored;
    const state = joinCheckpoint(parts.map((part) => JSON.parse(part) as CheckpointPart));
    const { pool } = this.#medium;
    if (pool === undefined || state.name === undefined || state.name === pool)
      return { seq, state };
    throw new StoreCorrupt(
      `expected a snapshot of the pool '${pool}', got one of '${state.name}'`,
      seq,
    );
  }

  /** Writes what was appended, and lets the files and the lock go. */
  close(): Promise<void> {
    this.#closing ??= this.#snapshots.run(() => this.#writes.run(() => this.#close()));
    this.#changes.wake();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#medium.close();
    } finally {
      this.#lock?.release();
    }
  }

  /** `firstSeq`, unless nothing was ever appended. */
  get #first(): number | undefined {
    return this.#medium.nextSeq === undefined ? undefined : this.firstSeq;
  }

  get #isOpen(): boolean {
    return this.#closing === undefined;
  }

  /** Ends when the store is closed. */
  #slices(fromSeq: number, toSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    return slices(this.#medium, fromSeq, toSeq, () => this.#isOpen);
  }

  /** Undefined if there is nothing to write. */
  #checked(events: readonly PoolEvent[]): Batch | undefined {
    this.#checkWritable();
    const [first] = events;
    if (first === undefined) return undefined;
    checkBatch(events, this.#medium);
    const lines = jsonOf(events);
    checkSize(lines);
    return { first: first.seq, lines, pool: first.pool };
  }

  #refresh(): void {
    if (this.readonly) this.#medium.refresh();
  }

  #fail(error: unknown): never {
    this.#failure = { cause: error };
    throw error;
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw new StoreClosed('expected an open store, got one that was closed');
  }

  #checkWritable(): void {
    if (this.readonly) {
      throw new TypeError('expected a store that was opened to write, got one that is read only');
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  #checkHeld(seq: number): void {
    if (seq >= this.firstSeq) return;
    throw new StorePruned(
      `expected a seq from ${this.firstSeq} on, which is the first event held, got ${seq}`,
    );
  }
}
