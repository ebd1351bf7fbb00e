/** Appends to a file. */

import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { InPlace } from '../in-place.ts';
import { fullOr } from './full.ts';

const sync = promisify(fdatasync);

export class SegmentWriter {
  readonly #path: string;
  readonly #fd: number;
  readonly #file: InPlace;
  #size: number;

  /** Goes on after so many bytes, and cuts off what is there after them. */
  constructor(path: string, size: number) {
    this.#path = path;
    this.#fd = openSync(path, 'a');
    this.#file = new InPlace(path);
    this.#size = size;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Removes what follows the batches that are complete. */
  cut(isForced: boolean): void {
    ftruncateSync(this.#fd, this.#size);
    if (isForced) fsyncSync(this.#fd);
  }

  /** @throws StoreFull, StoreRemoved, or an error of the system; nothing is appended then. */
  append(bytes: Buffer): void {
    this.#file.check();
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#fd, bytes, from);
    } catch (error) {
      this.#cutAfterFailure();
      throw fullOr(error, this.#path);
    }
    this.#size += bytes.length;
  }

  async sync(): Promise<void> {
    await sync(this.#fd).catch((error) => {
      throw fullOr(error, this.#path);
    });
  }

  syncNow(): void {
    fdatasyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #cutAfterFailure(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch {
      // What is incomplete is found when the file is opened the next time.
    }
  }
}
