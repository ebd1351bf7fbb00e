/** Appends to a file. */

import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { fileError, onFile } from '../file-error.ts';
import { InPlace } from '../in-place.ts';
import { removeQuietly } from '../remove-file.ts';

const sync = promisify(fdatasync);

export class SegmentWriter {
  readonly #path: string;
  readonly #fd: number;
  readonly #file: InPlace;
  #size = 0;
  /** Bytes that are known to be on the disk. */
  #synced = 0;
  /** The sync that is under way. The file must stay open until it is over. */
  #syncing: Promise<void> | undefined = undefined;
  /** What the disk answered to a sync. It may answer another one with success, though data is lost. */
  #failure: { readonly cause: unknown } | undefined = undefined;

  /** Makes the file, which must not be there. */
  constructor(path: string) {
    this.#path = path;
    this.#fd = onFile(path, () => openSync(path, 'ax'));
    try {
      this.#file = new InPlace(path);
    } catch (error) {
      closeSync(this.#fd);
      removeQuietly(path);
      throw error;
    }
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** @throws StoreFull, StoreRemoved, or an error of the system; nothing is appended then. */
  append(bytes: Buffer): void {
    this.#checkSound();
    this.#file.check();
    try {
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#fd, bytes, from);
    } catch (error) {
      this.#cutAfterFailure();
      throw fileError(error, this.#path);
    }
    this.#size += bytes.length;
  }

  /** Forces everything appended so far to the disk. Appending may continue meanwhile. */
  async sync(): Promise<void> {
    while (this.#synced < this.#size) {
      this.#checkSound();
      this.#syncing ??= this.#sync();
      await this.#syncing;
    }
  }

  /** The same, now. */
  syncNow(): void {
    if (this.#synced === this.#size) return;
    this.#checkSound();
    try {
      fdatasyncSync(this.#fd);
      this.#synced = this.#size;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Closes the file, after the sync that is under way: its number may be given to another file. */
  close(): void {
    const close = (): void => onFile(this.#path, () => closeSync(this.#fd));
    if (this.#syncing === undefined) close();
    else this.#syncing.finally(close).catch(() => {});
  }

  async #sync(): Promise<void> {
    const size = this.#size;
    try {
      await sync(this.#fd);
      this.#synced = Math.max(this.#synced, size);
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#syncing = undefined;
    }
  }

  #fail(error: unknown): unknown {
    const cause = fileError(error, this.#path);
    this.#failure ??= { cause };
    return cause;
  }

  #checkSound(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  #cutAfterFailure(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch {
      // What is incomplete is found when the file is opened the next time.
    }
  }
}
