/** Iterates over the batches of a file and checks them. */

import { fstatSync, readSync } from 'node:fs';
import { type PoolEvent, StoreCorrupt } from '../../../index.ts';
import { crc32 } from '../crc32.ts';
import { onFile } from '../file-error.ts';
import { plainEventsOf } from '../form/plain-events.ts';
import { eventsOf } from '../form/read-batch.ts';
import { type BatchHeader, HEADER_BYTES, headerIn } from './batch-format.ts';

/** The minimum number of bytes per read. */
const CHUNK = 1 << 18;
/** Zeros that indicate a hole: the file system has extended the file without filling it. */
const HOLE = Buffer.alloc(512);
const NEWLINE = 10;

/** A batch that was found. */
export interface FoundBatch {
  readonly first: number;
  readonly last: number;
  events(): PoolEvent[];
}

/** The range of a file to iterate over. */
interface CursorRange {
  /** The `seq` of the first event. Default: any. */
  readonly firstSeq?: number;
  /** Contents are ignored starting at this `seq`. Default: none. */
  readonly end?: number;
  /** The position in bytes. Default: 0. */
  readonly position?: number;
}

export class BatchCursor {
  readonly #fd: number;
  readonly #path: string;
  readonly #end: number;
  /** The position of the next batch. */
  #position: number;
  /** The `seq` with which it begins; undefined if it may be any. */
  #nextSeq: number | undefined;
  #buffer = Buffer.alloc(0);
  /** The position of the buffer in the file. */
  #bufferStart = 0;

  constructor(fd: number, path: string, range: CursorRange = {}) {
    const { firstSeq, end = Number.POSITIVE_INFINITY, position = 0 } = range;
    this.#fd = fd;
    this.#path = path;
    this.#nextSeq = firstSeq;
    this.#end = end;
    this.#position = position;
  }

  /** The end of the batches read so far, in bytes. */
  get position(): number {
    return this.#position;
  }

  /** The `seq` expected there. */
  get nextSeq(): number {
    return this.#nextSeq ?? 0;
  }

  /** The number of bytes after the batches read so far: an incomplete batch. */
  get rest(): number {
    return onFile(this.#path, () => fstatSync(this.#fd).size) - this.#position;
  }

  /**
   * The next batch with an event from `fromSeq` on; undefined if there is no complete one.
   *
   * @throws StoreCorrupt for a batch that is complete but damaged, RangeError for one of a later format.
   */
  next(fromSeq = 0): FoundBatch | undefined {
    while (this.nextSeq < this.#end) {
      const found = this.#header();
      if (found === undefined) break;
      const { header, length } = found;
      const { first, count, bytes } = header;
      if (first !== (this.#nextSeq ?? first))
        throw this.#corrupt(`a batch that begins with ${first}`);
      const last = first + count - 1;
      // A writer that takes over begins where a batch ends.
      if (first < this.#end && last >= this.#end)
        throw this.#corrupt(`a batch up to ${last}, and a file that begins with ${this.#end}`);
      if (last >= fromSeq) {
        const body = this.#body(header, length);
        if (body === undefined) break;
        this.#advance(length + bytes, last + 1);
        return { first, last, events: () => eventsIn(body, header, last) };
      }
      if (!this.#hasRest(length + bytes)) break;
      this.#advance(length + bytes, last + 1);
    }
    // An incomplete batch may have changed by the next call.
    this.#buffer = Buffer.alloc(0);
    return undefined;
  }

  /** Whether there are this many bytes. Checks the buffer first, which is faster than a system call. */
  #hasRest(bytes: number): boolean {
    const held = this.#bufferStart + this.#buffer.length - this.#position;
    return held >= bytes || this.rest >= bytes;
  }

  #advance(bytes: number, nextSeq: number): void {
    this.#position += bytes;
    this.#nextSeq = nextSeq;
  }

  #header(): { readonly header: BatchHeader; readonly length: number } | undefined {
    const window = this.#window(0, HEADER_BYTES);
    const newline = window.indexOf(NEWLINE);
    const header =
      newline === -1 ? undefined : headerIn(window.toString('latin1', 0, newline), this.#path);
    if (header !== undefined) return { header, length: newline + 1 };
    // The file ends within the header, or was extended without being filled.
    if (newline === -1 && window.length < HEADER_BYTES) return undefined;
    if (this.#isEmptyFrom(0)) return undefined;
    throw this.#corrupt('no header of a batch');
  }

  /** The lines of a batch; undefined if they are incomplete. */
  #body({ bytes, crc }: BatchHeader, start: number): Buffer | undefined {
    const body = this.#window(start, bytes);
    if (body.length < bytes) return undefined;
    if (crc32(body) === crc) return body;
    if (this.rest === start + bytes && body.includes(HOLE)) return undefined;
    throw this.#corrupt('a batch with a wrong checksum');
  }

  /** A number of bytes from an offset after the position, or fewer at the end of the file. */
  #window(start: number, length: number): Buffer {
    const from = this.#position + start;
    const held = this.#bufferStart + this.#buffer.length;
    if (from < this.#bufferStart || from + length > held) this.#fill(from, length);
    return this.#buffer.subarray(from - this.#bufferStart, from - this.#bufferStart + length);
  }

  #fill(from: number, length: number): void {
    // A new buffer each time, since batches found earlier may still use the previous one.
    const buffer = Buffer.allocUnsafe(Math.max(length, CHUNK));
    let filled = 0;
    while (filled < length) {
      const read = this.#read(buffer, filled, from + filled);
      if (read === 0) break;
      filled += read;
    }
    this.#buffer = buffer.subarray(0, filled);
    this.#bufferStart = from;
  }

  /** Reads into a buffer at an offset; returns the number of bytes. */
  #read(buffer: Buffer, place: number, position: number): number {
    const length = buffer.length - place;
    return onFile(this.#path, () => readSync(this.#fd, buffer, place, length, position));
  }

  /** Whether the rest of the file consists of zeros. */
  #isEmptyFrom(start: number): boolean {
    for (let from = start; ; from += CHUNK) {
      const window = this.#window(from, CHUNK);
      if (window.some((byte) => byte !== 0)) return false;
      if (window.length < CHUNK) return true;
    }
  }

  #corrupt(got: string): StoreCorrupt {
    const seq = this.nextSeq;
    const where = `at byte ${this.#position} of ${this.#path}`;
    return new StoreCorrupt(`expected event ${seq}, got ${got} ${where}`, seq);
  }
}

function eventsIn(body: Buffer, { format, first }: BatchHeader, last: number): PoolEvent[] {
  const end = format === 1 ? 0 : body.indexOf(NEWLINE) + 1;
  const rows = body.toString('utf8', end, body.length - 1).replaceAll('\n', ',');
  if (format === 1) return plainEventsOf(`[${rows}]`, first, last);
  return eventsOf({ context: body.toString('utf8', 0, end), rows }, first, last);
}
