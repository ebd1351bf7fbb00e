/** Appends to the segments of a journal: each opening starts its own segment, and another one whenever it is full. */

import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import type { Durability } from '../durability.ts';
import { onFile } from '../file-error.ts';
import type { Batch } from '../file-medium.ts';
import { removeFile, removeQuietly } from '../remove-file.ts';
import { syncFolder } from '../sync-folder.ts';
import { bytesOf } from './batch-format.ts';
import { filesIn, segmentPath } from './files.ts';
import { readFirst, writeFirst } from './first-event.ts';
import { findEnd, type TornTail } from './journal-end.ts';
import { Opening } from './opening.ts';
import { SegmentWriter } from './segment-writer.ts';

export interface SegmentSettings {
  readonly durability: Durability;
  /** The size in bytes at which a segment is full. */
  readonly segmentBytes: number;
}

export class SegmentsWriter {
  /** The incomplete batch left by a crashed process or a power loss. It is ignored. */
  readonly tornTail: TornTail | undefined;
  readonly #folder: string;
  readonly #settings: SegmentSettings;
  readonly #opening: Opening;
  #segment: SegmentWriter | undefined = undefined;
  #path = '';
  #nextSeq: number | undefined;
  #pool: string | undefined;

  /**
   * Supersedes the previous writer.
   *
   * @throws StoreCorrupt if data is missing or damaged; nothing was changed then. StoreLocked if another process
   *   takes over at this moment.
   */
  constructor(folder: string, settings: SegmentSettings) {
    this.#folder = folder;
    this.#settings = settings;
    findEnd(folder);
    this.#opening = Opening.takeOver(folder);
    try {
      // Left by writers that were killed, or could not remove them.
      for (const draft of filesIn(folder).drafts) removeFile(draft);
      // Repeated after the takeover, to include batches stored meanwhile.
      const { tornTail, nextSeq, pool, lastFile } = findEnd(folder);
      this.tornTail = tornTail;
      this.#nextSeq = nextSeq;
      this.#pool = pool;
      if (lastFile !== undefined) this.#keep(lastFile.path);
      if (nextSeq !== undefined) this.#segment = this.#begin(nextSeq);
    } catch (error) {
      this.#opening.release();
      throw error;
    }
  }

  /** The next event; undefined if there is none yet. */
  get nextSeq(): number | undefined {
    return this.#nextSeq;
  }

  /** The pool of the events. */
  get pool(): string | undefined {
    return this.#pool;
  }

  async append(batch: Batch): Promise<void> {
    // Synced before the next segment is started, so that starting it does not block.
    if (this.#isFull) await this.sync();
    const segment = this.#write(batch);
    const { durability } = this.#settings;
    if (durability === 'batch' || durability === 'event') await segment.sync();
    this.#advance(batch);
  }

  appendSync(batch: Batch): void {
    this.#write(batch).syncNow();
    this.#advance(batch);
  }

  /** Forces written data to disk, unless the durability is `none`. */
  async sync(): Promise<void> {
    if (this.#settings.durability !== 'none') await this.#segment?.sync();
  }

  /**
   * @throws StoreLocked if another opening has taken over.
   */
  check(): void {
    this.#opening.check();
  }

  close(): void {
    const segment = this.#segment;
    try {
      segment?.close();
    } finally {
      this.#opening.release();
    }
    // Nothing was appended, so the segment is not needed.
    if (segment?.size === 0) removeQuietly(this.#path);
  }

  get #isForced(): boolean {
    return this.#settings.durability !== 'none';
  }

  get #isFull(): boolean {
    return this.#segment !== undefined && this.#segment.size >= this.#settings.segmentBytes;
  }

  #write(batch: Batch): SegmentWriter {
    if (this.#segment === undefined) this.#noteFirst(batch.first);
    const segment =
      this.#segment === undefined || this.#isFull ? this.#begin(batch.first) : this.#segment;
    segment.append(bytesOf(batch));
    return segment;
  }

  /** Recorded, so that a missing first segment is detected. */
  #noteFirst(seq: number): void {
    if ((readFirst(this.#folder) ?? 0) !== seq) writeFirst(this.#folder, seq, this.#isForced);
  }

  /** Records where a journal of an older version begins, and forces its last segment to disk. */
  #keep(lastFile: string): void {
    const [oldest] = filesIn(this.#folder).segments;
    if (oldest !== undefined && readFirst(this.#folder) === undefined) this.#noteFirst(oldest.seq);
    if (!this.#isForced) return;
    const fd = openSync(lastFile, 'r');
    try {
      onFile(lastFile, () => fdatasyncSync(fd));
    } finally {
      closeSync(fd);
    }
  }

  #begin(seq: number): SegmentWriter {
    const full = this.#segment;
    // A full segment is durable before the next one is started.
    if (this.#isForced) full?.syncNow();
    const { number, token } = this.#opening;
    const path = segmentPath(this.#folder, seq, number, token);
    const segment = new SegmentWriter(path);
    full?.close();
    this.#segment = segment;
    this.#path = path;
    if (this.#isForced) syncFolder(this.#folder);
    return segment;
  }

  #advance({ first, count, pool }: Batch): void {
    // Checked after the write: a writer that has taken over since has either found the batch, or it does not count.
    this.#opening.check();
    this.#nextSeq = first + count;
    this.#pool ??= pool;
  }
}
