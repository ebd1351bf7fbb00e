/** A temporary file for output that is too long to be kept in memory. */

import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from './byte-source.ts';

/** Bytes per read. */
const CHUNK = 1024 * 1024;

/** Closes files that are no longer referenced, such as those of failed attempts. */
const abandoned = new FinalizationRegistry((fd: number) => closeSync(fd));

export class SpillFile {
  readonly #fd: number;
  #length = 0;

  /**
   * @throws the errors of creating a temporary file.
   */
  constructor() {
    const path = join(tmpdir(), `taskpool-${crypto.randomUUID()}`);
    this.#fd = openSync(path, 'wx+', 0o600);
    abandoned.register(this, this.#fd);
    // Unlinked immediately, so that it vanishes with the process, however that ends.
    unlinkSync(path);
  }

  /** The number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /**
   * @throws the errors of writing, for instance if the disk is full.
   */
  append(data: Uint8Array): void {
    for (let done = 0; done < data.length; ) {
      done += writeSync(this.#fd, data, done, data.length - done, this.#length + done);
    }
    this.#length += data.length;
  }

  *read(start: number, end: number): Generator<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - start));
    for (let at = start; at < end; ) {
      const count = readSync(this.#fd, buffer, 0, Math.min(buffer.length, end - at), at);
      if (count === 0) return;
      yield buffer.subarray(0, count);
      at += count;
    }
  }
}

/** A range of bytes in a spill file. */
export class SpilledBytes implements ByteSource {
  readonly #file: SpillFile;
  readonly #start: number;
  #end: number;

  /** Appends bytes to a file. */
  constructor(file: SpillFile, data: Uint8Array) {
    this.#file = file;
    this.#start = file.length;
    file.append(data);
    this.#end = file.length;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends more bytes; returns false if something else was appended to the file meanwhile. */
  extend(data: Uint8Array): boolean {
    if (this.#file.length !== this.#end) return false;
    this.#file.append(data);
    this.#end = this.#file.length;
    return true;
  }

  chunks(): Iterable<Uint8Array> {
    return this.#file.read(this.#start, this.#end);
  }
}
