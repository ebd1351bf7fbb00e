/** Appends to a segment. */

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
  /** The number of bytes known to be on disk. */
  #synced = 0;
  /** The running sync. The file must stay open until it has ended. */
  #syncing: Promise<void> | undefined = undefined;
  /** The error of a failed sync. A repeated sync may succeed although data is lost. */
  #failure: { readonly cause: unknown } | undefined = undefined;

  /** Creates the file, which must not exist. */
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

  /**
   * @throws StoreFull, StoreRemoved, or a system error; nothing is appended then.
   */
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

  /** Forces everything appended so far to disk. Appending may continue meanwhile. */
  async sync(): Promise<void> {
    while (this.#synced < this.#size) {
      this.#checkSound();
      this.#syncing ??= this.#sync();
      await this.#syncing;
    }
  }

  /** Like {@link sync}, but synchronous. */
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

  /** Closes the file, after the running sync: its descriptor may be reused for another file. */
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
      // An incomplete batch is detected when the file is opened again.
    }
  }
}
