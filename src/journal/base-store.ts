/** The rules of {@link EventStore}, over whatever the events are kept in. */

import { StoreClosed, StoreCorrupt, StoreGap, StorePruned } from '../errors.ts';
import type { PoolEvent } from '../events/events.ts';
import { quoted } from '../kit/printed.ts';
import { Serial } from '../kit/serial.ts';
import type { WakeUp } from '../kit/wake-up.ts';
import { checkBatch } from './check-batch.ts';
import {
  type EventStore,
  type Prune,
  type SeqRange,
  type StoreCheckpoint,
  seqRange,
  type TailOptions,
  tailOptions,
} from './event-store.ts';
import type { InTurn, Medium } from './medium.ts';
import { checkPrune, firstToKeep } from './retention.ts';

export class BaseStore<P, M extends Medium<P> = Medium<P>> implements EventStore {
  /** Whether it only reads what another process writes, or has written. */
  readonly readonly: boolean;
  /** @internal */
  protected readonly medium: M;
  /** Those waiting for what is appended. */
  readonly #changes: WakeUp;
  /** Whatever writes, one after the other. */
  readonly #writes = new Serial();
  /** Checkpoints are stored one after the other, in steps between which there may be other writes. */
  readonly #checkpoints = new Serial();
  /** How many appends are under way, or wait for their turn. */
  #appends = 0;
  #failure: { readonly cause: unknown } | undefined = undefined;
  #closing: Promise<void> | undefined = undefined;

  /** @internal */
  constructor(medium: M, changes: WakeUp, isReadonly = false) {
    this.medium = medium;
    this.#changes = changes;
    this.readonly = isReadonly;
  }

  /** The `seq` of the first event it holds; `nextSeq` when it holds none. */
  get firstSeq(): number {
    return this.medium.firstSeq;
  }

  /** The `seq` that the next event will have. */
  get nextSeq(): number {
    return this.medium.nextSeq ?? 0;
  }

  /**
   * Appends events, and resolves when they are as durable as was promised.
   *
   * @throws StoreGap, TypeError if they are not what is due, RangeError for a type or version there
   * is not; nothing is stored then. What the store fails with; every later append rejects with the
   * same error then.
   */
  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    return this.write(() => this.#prepare(batch));
  }

  /** Appends what is prepared when it is its turn; undefined is nothing. @internal */
  protected async write(prepare: () => P | undefined): Promise<{ lastSeq: number }> {
    this.#checkOpen();
    this.#appends++;
    return this.#writes.run(async () => {
      try {
        this.#checkWritable();
        const prepared = prepare();
        if (prepared !== undefined) {
          await this.medium.append(prepared).catch((error) => this.#fail(error));
          this.#changes.wake();
        }
        return { lastSeq: this.nextSeq - 1 };
      } finally {
        this.#appends--;
      }
    });
  }

  /**
   * The events of a range.
   *
   * @throws StorePruned if it begins before the first event held, StoreCorrupt where what is stored
   * is damaged; all events before that have been given then.
   */
  async *read(range: SeqRange = {}): AsyncGenerator<readonly PoolEvent[]> {
    seqRange.check('read()', range);
    this.#checkOpen();
    await this.medium.refresh();
    const { fromSeq = this.firstSeq, toSeq = this.nextSeq - 1 } = range;
    this.#checkHeld(fromSeq);
    yield* this.#whileOpen(fromSeq, Math.min(toSeq, this.nextSeq - 1));
    this.#checkOpen();
  }

  /** What is there, followed by what comes, also from another process. @throws as {@link read} does. */
  async *tail(options: TailOptions = {}): AsyncGenerator<readonly PoolEvent[]> {
    tailOptions.check('tail()', options);
    this.#checkOpen();
    const { signal, fromSeq } = options;
    const isOver = (): boolean => !this.#isOpen || signal?.aborted === true;
    let next = fromSeq;
    while (!isOver()) {
      await this.medium.refresh();
      // The first event, where there is none yet, may be any.
      next ??= this.medium.nextSeq === undefined ? undefined : this.firstSeq;
      if (next !== undefined) this.#checkHeld(next);
      if (next === undefined || next >= this.nextSeq) {
        await this.#changes.wait(signal);
        continue;
      }
      for await (const batch of this.#whileOpen(next, this.nextSeq - 1)) {
        next += batch.length;
        yield batch;
        if (isOver()) return;
      }
    }
  }

  /**
   * Stores a checkpoint, and drops events if it is asked to.
   *
   * @throws StoreGap if it is of an event that is yet to come; what {@link append} throws.
   */
  async checkpoint({ seq, state, prune = false }: StoreCheckpoint): Promise<void> {
    await this.keep(seq, prune, (inTurn) => this.medium.putCheckpoint(seq, state, inTurn));
  }

  /** @throws StoreCorrupt if it is damaged. */
  async latestCheckpoint(): Promise<StoreCheckpoint | undefined> {
    this.#checkOpen();
    await this.medium.refresh();
    const kept = await this.medium.latestCheckpoint().catch((error) => {
      this.#checkOpen();
      throw error;
    });
    const { pool } = this.medium;
    const name = kept?.state.name;
    if (pool === undefined || name === undefined || name === pool) return kept;
    throw new StoreCorrupt(
      `expected a checkpoint of the pool '${pool}', got one of ${quoted(name)}`,
      kept?.seq ?? 0,
    );
  }

  /** Writes what was appended, and releases what the store is kept in. */
  close(): Promise<void> {
    this.#closing ??= this.#checkpoints.run(() => this.#writes.run(() => this.medium.close()));
    this.#changes.wake();
    return this.#closing;
  }

  /** Stores a checkpoint in a way that is given, and drops events. @internal */
  protected async keep(
    seq: number,
    prune: Prune,
    put: (inTurn: InTurn) => Promise<void> | void,
  ): Promise<void> {
    this.#checkOpen();
    checkPrune(prune);
    const inTurn: InTurn = (step) => this.#writes.run(step);
    await this.#checkpoints.run(async () => {
      await inTurn(() => this.#checkReached(seq));
      if (seq >= this.medium.checkpointSeq) await put(inTurn);
    });
    const first = await firstToKeep(prune, seq, {
      firstSeq: this.firstSeq,
      nextSeq: this.nextSeq,
      read: (fromSeq, toSeq) => this.#whileOpen(fromSeq, toSeq),
    });
    this.#checkOpen();
    if (first <= this.firstSeq) return;
    await this.medium.prune(first, (step) =>
      inTurn(() => {
        this.#checkOpen();
        return step();
      }),
    );
  }

  /** As {@link append}, now: for a medium that can. @internal */
  appendNow(batch: readonly PoolEvent[]): void {
    this.#checkOpen();
    if (this.#appends > 0) throw new TypeError('expected no append to be under way, got one');
    this.#checkWritable();
    const prepared = this.#prepare(batch);
    if (prepared === undefined) return;
    try {
      this.medium.appendSync(prepared);
    } catch (error) {
      this.#fail(error);
    }
    this.#changes.wake();
  }

  /** Nothing can be written any more, as was found otherwise than by writing. @internal */
  protected giveUp(error: unknown): void {
    this.#failure ??= { cause: error };
  }

  get #isOpen(): boolean {
    return this.#closing === undefined;
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

  /** Undefined if there is nothing to append. @throws where {@link append} refuses. */
  #prepare(batch: readonly PoolEvent[]): P | undefined {
    if (batch.length === 0) return undefined;
    checkBatch(batch, this.medium);
    return this.medium.prepare(batch);
  }

  /** Writing has failed: nothing is written any more. */
  #fail(error: unknown): never {
    this.#failure = { cause: error };
    throw error;
  }

  #checkReached(seq: number): void {
    this.#checkWritable();
    const { nextSeq } = this.medium;
    if (nextSeq === undefined || seq < nextSeq) return;
    throw new StoreGap(`expected a checkpoint up to seq ${nextSeq - 1}, got one of ${seq}`);
  }

  /** The events of a range, up to where the store is closed. */
  async *#whileOpen(fromSeq: number, toSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    if (fromSeq > toSeq) return;
    for await (const batch of this.medium.read(fromSeq, toSeq)) {
      yield batch;
      if (!this.#isOpen) return;
    }
  }
}
