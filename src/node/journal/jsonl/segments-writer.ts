/** Appends to the last file of a journal, and begins another one when it is full. */

import { rmSync } from 'node:fs';
import type { Durability } from '../durability.ts';
import type { Batch } from '../medium.ts';
import { syncFolder } from '../sync-folder.ts';
import { bytesOf } from './batch-format.ts';
import { filesIn, segmentPath } from './files.ts';
import { SegmentEnd } from './segment-end.ts';
import { SegmentWriter } from './segment-writer.ts';

/** What followed the last batch that is complete, and was removed. */
export interface TornTail {
  /** The event that was to come there. */
  readonly seq: number;
  readonly bytes: number;
}

export interface SegmentSettings {
  readonly durability: Durability;
  /** A file that has reached this size is full. */
  readonly segmentBytes: number;
}

/** Where to go on. */
interface Place {
  readonly segment?: SegmentWriter;
  readonly nextSeq?: number;
  readonly pool?: string | undefined;
  readonly tornTail?: TornTail;
}

export class SegmentsWriter {
  /** What a process that died, or a power loss, had left unfinished. */
  readonly tornTail: TornTail | undefined;
  readonly #folder: string;
  readonly #settings: SegmentSettings;
  #segment: SegmentWriter | undefined;
  #nextSeq: number | undefined;
  #pool: string | undefined;

  /**
   * For the one who holds the lock.
   *
   * @throws StoreCorrupt if the last file is damaged.
   */
  constructor(folder: string, settings: SegmentSettings) {
    const { tornTail, segment, nextSeq, pool } = lastPlace(folder, settings);
    this.tornTail = tornTail;
    this.#folder = folder;
    this.#settings = settings;
    this.#segment = segment;
    this.#nextSeq = nextSeq;
    this.#pool = pool;
  }

  /** The event that comes next; undefined if there is none yet. */
  get nextSeq(): number | undefined {
    return this.#nextSeq;
  }

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

  close(): void {
    this.#segment?.close();
  }

  get #isFull(): boolean {
    return this.#segment !== undefined && this.#segment.size >= this.#settings.segmentBytes;
  }

  #write(batch: Batch): SegmentWriter {
    const segment =
      this.#segment === undefined || this.#isFull ? this.#begin(batch.first) : this.#segment;
    segment.append(bytesOf(batch));
    return segment;
  }

  #begin(seq: number): SegmentWriter {
    const full = this.#segment;
    // What is in a file that is full is durable before another one is begun.
    if (this.#settings.durability !== 'none') full?.syncNow();
    const segment = new SegmentWriter(segmentPath(this.#folder, seq), 0);
    full?.close();
    this.#segment = segment;
    if (this.#settings.durability !== 'none') syncFolder(this.#folder);
    return segment;
  }

  #advance({ first, lines, pool }: Batch): void {
    this.#nextSeq = first + lines.length;
    this.#pool = pool;
  }
}

function lastPlace(folder: string, { durability }: SegmentSettings): Place {
  let torn: { readonly tornTail: TornTail } | undefined;
  for (const file of filesIn(folder).segments.toReversed()) {
    const end = new SegmentEnd(file);
    try {
      end.advance();
      if (end.damage !== undefined) throw end.damage;
      const { nextSeq, pool, position, rest } = end;
      if (rest > 0 || position === 0) torn = { tornTail: { seq: nextSeq, bytes: rest } };
      if (position > 0) {
        const segment = new SegmentWriter(file.path, position);
        if (rest > 0) segment.cut(durability !== 'none');
        return { segment, nextSeq, pool, ...torn };
      }
    } finally {
      end.close();
    }
    // It was begun, and got no batch.
    rmSync(file.path);
  }
  return torn ?? {};
}
