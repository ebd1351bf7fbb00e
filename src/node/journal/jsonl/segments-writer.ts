/**
 * Appends to the files of a journal: each opening begins one of its own, and another one whenever the
 * last one is full.
 */

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
  /** A file that has reached this size is full. */
  readonly segmentBytes: number;
}

export class SegmentsWriter {
  /** What a process that died, or a power loss, had left unfinished. It does not count any more. */
  readonly tornTail: TornTail | undefined;
  readonly #folder: string;
  readonly #settings: SegmentSettings;
  readonly #opening: Opening;
  #segment: SegmentWriter | undefined = undefined;
  #path = '';
  #nextSeq: number | undefined;
  #pool: string | undefined;

  /**
   * Takes over from the writer before.
   *
   * @throws StoreCorrupt if something is missing or damaged; nothing was changed then. StoreLocked if
   * someone else takes over at this moment.
   */
  constructor(folder: string, settings: SegmentSettings) {
    this.#folder = folder;
    this.#settings = settings;
    findEnd(folder);
    this.#opening = Opening.takeOver(folder);
    try {
      // Of writers that were killed, or could not remove them.
      for (const draft of filesIn(folder).drafts) removeFile(draft);
      // Again: what was stored until a moment ago counts.
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

  /** The event that comes next; undefined if there is none yet. */
  get nextSeq(): number | undefined {
    return this.#nextSeq;
  }

  /** The pool whose events these are. */
  get pool(): string | undefined {
    return this.#pool;
  }

  async append(batch: Batch): Promise<void> {
    // So that beginning another file need not wait for the disk.
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

  /** Forces what was written to the disk, unless that was never promised. */
  async sync(): Promise<void> {
    if (this.#settings.durability !== 'none') await this.#segment?.sync();
  }

  /** @throws StoreLocked if another one has taken over. */
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
    // Nothing was appended: where this opening began matters to no one.
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

  /** So that it is known whether the first file is missing. */
  #noteFirst(seq: number): void {
    if ((readFirst(this.#folder) ?? 0) !== seq) writeFirst(this.#folder, seq, this.#isForced);
  }

  /** Notes where a journal of an older version begins, and that what it ends with is on the disk. */
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
    // What is in a file that is full is durable before another one is begun.
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
    // After it was written: a writer that has taken over since has found it, or it does not count.
    this.#opening.check();
    this.#nextSeq = first + count;
    this.#pool ??= pool;
  }
}
