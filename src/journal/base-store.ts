/** Implements the rules of {@link EventStore} on top of any medium. */

import { StoreClosed, StoreCorrupt, StoreGap, StorePruned } from '../errors.ts';
import type { PoolEvent } from '../events/events.ts';
import { oneLine, PRINTED, quoted } from '../kit/printed.ts';
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
  /** Whether it is read-only: another process writes, or has written, the journal. */
  readonly readonly: boolean;
  /** @internal */
  protected readonly medium: M;
  /** Wakes readers that wait for new events. */
  readonly #changes: WakeUp;
  /** Serializes all writes. */
  readonly #writes = new Serial();
  /** Serializes checkpoints, which are stored in steps with other writes in between. */
  readonly #checkpoints = new Serial();
  /** How many appends are in progress or queued. */
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

  /** The path or the name of the journal. @internal */
  protected get place(): string {
    return '';
  }

  [PRINTED](): string {
    const { firstSeq, nextSeq, place, readonly } = this;
    const events = nextSeq > firstSeq ? `events ${firstSeq} to ${nextSeq - 1}` : 'no events';
    const name = place === '' ? '' : ` ${oneLine(place)}`;
    return `${this.constructor.name}${name}: ${events}${readonly ? ', read-only' : ''}`;
  }

  /** The JSON form: the path or name of the journal and its range of events, without the events. */
  toJSON(): {
    readonly journal: string;
    readonly firstSeq: number;
    readonly nextSeq: number;
    readonly readonly: boolean;
  } {
    const { place, firstSeq, nextSeq, readonly } = this;
    return { journal: place, firstSeq, nextSeq, readonly };
  }

  /**
   * Appends events, and resolves when they are as durable as the store promises.
   *
   * @throws StoreGap, TypeError if they are not the next events of the pool, RangeError for an unknown type or
   * version; nothing is stored then. The error of the store if it fails; then every later append rejects with it,
   * too.
   */
  async append(batch: readonly PoolEvent[]): Promise<{ lastSeq: number }> {
    return this.write(() => this.#prepare(batch));
  }

  /** Appends what `prepare` returns when it is its turn; undefined for nothing. @internal */
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
   * @throws StorePruned if it begins before the first event held; StoreCorrupt at damaged events, after yielding all
   * events before them.
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

  /** The existing events, then new ones as they are appended, also by another process. @throws like {@link read}. */
  async *tail(options: TailOptions = {}): AsyncGenerator<readonly PoolEvent[]> {
    tailOptions.check('tail()', options);
    this.#checkOpen();
    const { signal, fromSeq } = options;
    const isOver = (): boolean => !this.#isOpen || signal?.aborted === true;
    let next = fromSeq;
    while (!isOver()) {
      await this.medium.refresh();
      // In an empty store the first event may have any `seq`.
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
   * Stores a checkpoint, and drops events according to `prune`.
   *
   * @throws StoreGap if it is of an event that was not appended yet; what {@link append} throws.
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
      `expected a checkpoint of the pool ${quoted(pool)}, got one of ${quoted(name)}`,
      kept?.seq ?? 0,
    );
  }

  /** Completes all writes, and releases the medium. Closing twice is closing once. */
  close(): Promise<void> {
    this.#closing ??= this.#checkpoints.run(() => this.#writes.run(() => this.medium.close()));
    this.#changes.wake();
    return this.#closing;
  }

  /** Stores a checkpoint with `put`, and drops events. @internal */
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

  /** Like {@link append}, but synchronous, for a medium that supports it. @internal */
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

  /** Refuses all further writes, for a reason that was not found by writing. @internal */
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
      `expected a seq of at least ${this.firstSeq}, which is the first event held, got ${seq}`,
    );
  }

  /** Undefined if there is nothing to append. @throws like {@link append}. */
  #prepare(batch: readonly PoolEvent[]): P | undefined {
    if (batch.length === 0) return undefined;
    checkBatch(batch, this.medium);
    return this.medium.prepare(batch);
  }

  /** Writing has failed: nothing more is written. */
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

  /** The events of a range, until the store is closed. */
  async *#whileOpen(fromSeq: number, toSeq: number): AsyncGenerator<readonly PoolEvent[]> {
    if (fromSeq > toSeq) return;
    for await (const batch of this.medium.read(fromSeq, toSeq)) {
      yield batch;
      if (!this.#isOpen) return;
    }
  }
}
