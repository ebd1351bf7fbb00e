/** Finds where the last file of a journal ends, and follows it while another process writes. */

import { closeSync, openSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import { BatchCursor } from './batch-cursor.ts';
import type { Segment } from './files.ts';

export class SegmentEnd {
  readonly file: Segment;
  readonly #fd: number;
  readonly #cursor: BatchCursor;
  #pool: string | undefined = undefined;
  #damage: StoreCorrupt | undefined = undefined;

  constructor(file: Segment) {
    this.file = file;
    this.#fd = openSync(file.path, 'r');
    this.#cursor = new BatchCursor(this.#fd, file.path, { firstSeq: file.seq, end: file.end });
  }

  /** The event that comes next. Where the file is damaged, that is said to be there, too. */
  get nextSeq(): number {
    return this.#damage === undefined ? this.#cursor.nextSeq : this.#damage.seq + 1;
  }

  /** Where the batches that are complete end, in bytes. */
  get position(): number {
    return this.#cursor.position;
  }

  /** How many bytes there are after them. */
  get rest(): number {
    return this.#cursor.rest;
  }

  get pool(): string | undefined {
    return this.#pool;
  }

  /** Set where a batch is damaged. */
  get damage(): StoreCorrupt | undefined {
    return this.#damage;
  }

  /** Continues to the end. */
  advance(): void {
    try {
      let last = this.#cursor.next();
      for (let found = last; found !== undefined; found = this.#cursor.next()) last = found;
      this.#pool ??= last?.events()[0]?.pool;
    } catch (error) {
      if (!(error instanceof StoreCorrupt)) throw error;
      this.#damage = error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
