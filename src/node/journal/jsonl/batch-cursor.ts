/** Goes through the batches of a file, and checks them. */

import { fstatSync, readSync } from 'node:fs';
import { type PoolEvent, StoreCorrupt } from '../../../index.ts';
import { crc32 } from '../crc32.ts';
import { onFile } from '../file-error.ts';
import { plainEventsOf } from '../form/plain-events.ts';
import { eventsOf } from '../form/read-batch.ts';
import { type BatchHeader, HEADER_BYTES, headerIn } from './batch-format.ts';

/** At least this many bytes are read at once. */
const CHUNK = 1 << 18;
/** How many zeros in a row are a hole: a file system has made the file longer, and not filled it. */
const HOLE = Buffer.alloc(512);
const NEWLINE = 10;

/** A batch that was found. */
export interface FoundBatch {
  readonly first: number;
  readonly last: number;
  events(): PoolEvent[];
}

/** Where in a file to go through batches. */
interface CursorRange {
  /** The first event. Default: any. */
  readonly firstSeq?: number;
  /** What is there from this event on is not looked at. Default: none. */
  readonly end?: number;
  /** In bytes. Default: 0. */
  readonly position?: number;
}

export class BatchCursor {
  readonly #fd: number;
  readonly #path: string;
  readonly #end: number;
  /** Where the next batch begins. */
  #position: number;
  /** The event that it begins with; undefined while it may be any. */
  #nextSeq: number | undefined;
  #buffer = Buffer.alloc(0);
  /** Where in the file the buffer begins. */
  #bufferStart = 0;

  constructor(fd: number, path: string, range: CursorRange = {}) {
    const { firstSeq, end = Number.POSITIVE_INFINITY, position = 0 } = range;
    this.#fd = fd;
    this.#path = path;
    this.#nextSeq = firstSeq;
    this.#end = end;
    this.#position = position;
  }

  /** Where in the file the batches that were gone through end. */
  get position(): number {
    return this.#position;
  }

  /** The event that is due there. */
  get nextSeq(): number {
    return this.#nextSeq ?? 0;
  }

  /** How much there is after what was gone through: what was begun, and is not complete. */
  get rest(): number {
    return onFile(this.#path, () => fstatSync(this.#fd).size) - this.#position;
  }

  /**
   * The next batch with an event from `fromSeq` on; undefined if there is none that is complete.
   *
   * @throws StoreCorrupt for one that is complete and damaged, RangeError for one of a later format.
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
      // Who takes over begins where a batch ends.
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
    // What is incomplete may be another thing when it is looked at again.
    this.#buffer = Buffer.alloc(0);
    return undefined;
  }

  /** Whether there are so many bytes. To ask the system takes longer than to look. */
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
    // The file ends within the header, or was made longer and not filled.
    if (newline === -1 && window.length < HEADER_BYTES) return undefined;
    if (this.#isEmptyFrom(0)) return undefined;
    throw this.#corrupt('no header of a batch');
  }

  /** The lines of a batch; undefined if they are not all there. */
  #body({ bytes, crc }: BatchHeader, start: number): Buffer | undefined {
    const body = this.#window(start, bytes);
    if (body.length < bytes) return undefined;
    if (crc32(body) === crc) return body;
    if (this.rest === start + bytes && body.includes(HOLE)) return undefined;
    throw this.#corrupt('a batch with a wrong checksum');
  }

  /** How many bytes from a place after the position on, or those up to the end of the file. */
  #window(start: number, length: number): Buffer {
    const from = this.#position + start;
    const held = this.#bufferStart + this.#buffer.length;
    if (from < this.#bufferStart || from + length > held) this.#fill(from, length);
    return this.#buffer.subarray(from - this.#bufferStart, from - this.#bufferStart + length);
  }

  #fill(from: number, length: number): void {
    // A new buffer each time: batches that were found may still use the one before.
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

  /** Reads into a buffer, from a place in it on; how much that was. */
  #read(buffer: Buffer, place: number, position: number): number {
    const length = buffer.length - place;
    return onFile(this.#path, () => readSync(this.#fd, buffer, place, length, position));
  }

  /** Whether there is nothing but zeros up to the end of the file. */
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
