/** A journal in Redis. */

import { StoreCorrupt } from '../../../index.ts';
import type { Batch, FileMedium, SnapshotDraft, StoredSnapshot } from '../file-medium.ts';
import { checkpointText, parseCheckpoint, type StreamBounds, seqText } from './bounds.ts';
import { partText, RedisReader } from './redis-reader.ts';
import type { Place, RedisWriter } from './redis-writer.ts';
import { ADD_PART, BEGIN_DRAFT, COMMIT_DRAFT, PRUNE, REMOVE_DRAFT } from './scripts.ts';

/** The number of events dropped per step. */
const PRUNED_AT_ONCE = 65_536;

const EMPTY: StreamBounds = {
  firstSeq: 0,
  nextSeq: undefined,
  pool: undefined,
  checkpoint: undefined,
  leftovers: [],
  damagedAt: undefined,
};

export class RedisMedium implements FileMedium {
  readonly separator = ',';
  readonly #place: Place;
  readonly #reader: RedisReader;
  /** Undefined if it is read-only. */
  readonly #writer: RedisWriter | undefined;
  #bounds = EMPTY;

  private constructor(place: Place, writer: RedisWriter | undefined) {
    this.#place = place;
    this.#reader = new RedisReader(place.link, place.keys, place.where);
    this.#writer = writer;
  }

  /**
   * @throws StoreCorrupt if it is visibly damaged.
   */
  static async open(place: Place, writer: RedisWriter): Promise<RedisMedium> {
    const medium = new RedisMedium(place, writer);
    await medium.refresh();
    medium.#checkEnds();
    await medium.#removeLeftovers();
    writer.continuesAt(medium.nextSeq);
    return medium;
  }

  static async openReadonly(place: Place): Promise<RedisMedium> {
    const medium = new RedisMedium(place, undefined);
    await medium.refresh();
    return medium;
  }

  get firstSeq(): number {
    return this.#bounds.firstSeq;
  }

  get nextSeq(): number | undefined {
    return this.#bounds.nextSeq;
  }

  get pool(): string | undefined {
    return this.#bounds.pool;
  }

  get snapshotSeq(): number {
    const { checkpoint } = this.#bounds;
    return checkpoint === undefined ? -1 : parseCheckpoint(checkpoint, this.#place.where).seq;
  }

  async refresh(): Promise<void> {
    this.#bounds = await this.#reader.bounds();
  }

  async append(batch: Batch): Promise<void> {
    await this.#writer?.append(batch);
    const { nextSeq, firstSeq, pool } = this.#bounds;
    this.#bounds = {
      ...this.#bounds,
      firstSeq: nextSeq === undefined ? batch.first : firstSeq,
      nextSeq: batch.first + batch.count,
      pool: pool ?? batch.pool,
    };
  }

  appendSync(): void {
    throw new TypeError('expected append(): Redis answers later');
  }

  read(fromSeq: number, toSeq: number): ReturnType<FileMedium['read']> {
    return this.#reader.read(fromSeq, toSeq);
  }

  async draftSnapshot(seq: number): Promise<SnapshotDraft> {
    const writer = this.#writer as RedisWriter;
    await this.#removeLeftovers();
    const draft = writer.newDraft();
    const key = this.#place.keys.checkpoint(draft);
    let parts = 0;
    await writer.run(BEGIN_DRAFT, [draft]);
    return {
      add: async (part) => {
        await writer.run(ADD_PART, [parts, partText(seq, parts, part)], key);
        parts++;
      },
      commit: async () => {
        await writer.run(COMMIT_DRAFT, [draft, checkpointText({ seq, draft, parts })]);
        await this.refresh();
      },
      tidy: async () => {
        await this.#removeLeftovers();
        return true;
      },
      discard: async () => {
        await this.refresh();
        await this.#removeLeftovers();
      },
    };
  }

  async latestCheckpoint(): Promise<StoredSnapshot | undefined> {
    const { checkpoint } = this.#bounds;
    return checkpoint === undefined ? undefined : this.#reader.snapshot(checkpoint);
  }

  async prune(firstSeq: number): Promise<boolean> {
    const first = Math.min(firstSeq, this.firstSeq + PRUNED_AT_ONCE);
    await this.#writer?.run(PRUNE, [first, seqText(first)]);
    this.#bounds = { ...this.#bounds, firstSeq: first };
    return first === firstSeq;
  }

  async close(): Promise<void> {
    await this.#writer?.release();
    this.#place.link.close();
  }

  /** Removes the parts of checkpoints that were replaced or never committed. */
  async #removeLeftovers(): Promise<void> {
    for (const [field, draft] of this.#bounds.leftovers) {
      await this.#writer?.run(REMOVE_DRAFT, [field], this.#place.keys.checkpoint(draft));
    }
    this.#bounds = { ...this.#bounds, leftovers: [] };
  }

  #checkEnds(): void {
    const { damagedAt, nextSeq = 0, checkpoint } = this.#bounds;
    if (damagedAt !== undefined) {
      throw new StoreCorrupt(
        `expected event ${damagedAt} where it was noted, got none there: ${this.#place.where}`,
        damagedAt,
      );
    }
    if (checkpoint === undefined) return;
    const { seq } = parseCheckpoint(checkpoint, this.#place.where);
    if (seq < nextSeq) return;
    throw new StoreCorrupt(
      `expected all events up to that of the checkpoint, ${seq}, got those before ${nextSeq}: ${this.#place.where}`,
      nextSeq,
    );
  }
}
