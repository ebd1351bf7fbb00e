/** Finds the end of the last segment, and follows it while another process writes. */

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

  /** The next event. If the file is damaged, the damaged event counts as existing. */
  get nextSeq(): number {
    return this.#damage === undefined ? this.#cursor.nextSeq : this.#damage.seq + 1;
  }

  /** The end of the complete batches, in bytes. */
  get position(): number {
    return this.#cursor.position;
  }

  /** The number of bytes after them. */
  get rest(): number {
    return this.#cursor.rest;
  }

  get pool(): string | undefined {
    return this.#pool;
  }

  /** Set if a batch is damaged. */
  get damage(): StoreCorrupt | undefined {
    return this.#damage;
  }

  /** Reads on to the end. */
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
