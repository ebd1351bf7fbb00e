/**
 * Detects that SQLite's write-ahead log holds more than SQLite will read from it.
 *
 * After a crash, SQLite reads its log up to the first frame with a wrong checksum, and silently discards the rest.
 * That is right for a frame that was being written, but not for one that was corrupted on disk. See
 * <https://sqlite.org/fileformat2.html#walformat> for the format, and <https://sqlite.org/walformat.html> for that of
 * the index, which records how much was committed.
 */

import { readFileSync, statSync } from 'node:fs';
import { isMissing } from '../file-error.ts';

const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;

/**
 * @param isIndexed whether the index is valid: there was no reboot since the log was written. Otherwise committed
 *   data may not have reached the disk, which is no damage.
 */
export function isLogDamaged(database: string, isIndexed: boolean): boolean {
  // The index is read first: if a process is writing, the log only grows meanwhile.
  const index = isIndexed ? contentOf(`${database}-shm`) : Buffer.alloc(0);
  const log = contentOf(`${database}-wal`);
  // SQLite would consider the database new, and delete the log.
  if (log.length > HEADER && sizeOf(database) === 0) return true;
  if (log.length < HEADER) return committedFrames(index) > 0;
  const wal = new Wal(log);
  const { frames } = wal;
  if (!wal.hasValidHeader) return frames > 0;
  const valid = wal.validFrames();
  if (valid < committedFrames(index, wal.salts)) return true;
  // The next frame is valid, so this one was valid once.
  return valid + 1 < frames && wal.follows(valid + 1);
}

/** A pair of numbers, the checksum of all bytes up to a position. */
type Checksum = readonly [number, number];

class Wal {
  readonly #bytes: Buffer;
  readonly #isLittleEndian: boolean;
  readonly #frameLength: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#isLittleEndian = bytes.readUInt32BE(0) === MAGIC;
    this.#frameLength = FRAME_HEADER + bytes.readUInt32BE(8);
  }

  /** The number of frames that fit into the log. */
  get frames(): number {
    return Math.floor((this.#bytes.length - HEADER) / this.#frameLength);
  }

  /** Distinguishes frames of this log from those of an earlier one in the same file. */
  get salts(): Buffer {
    return this.#bytes.subarray(16, 24);
  }

  get hasValidHeader(): boolean {
    const isKnown = (this.#bytes.readUInt32BE(0) & ~1) >>> 0 === MAGIC;
    return isKnown && this.#isStoredAt(24, this.#sum([0, 0], 0, 24));
  }

  /** The number of consecutive valid frames. */
  validFrames(): number {
    let sum = this.#storedAt(24);
    for (let frame = 0; frame < this.frames; frame++) {
      sum = this.#sumOf(frame, sum);
      if (!this.#hasSalts(frame) || !this.#isStoredAt(this.#placeOf(frame) + 16, sum)) return frame;
    }
    return this.frames;
  }

  /** Whether a frame is valid, assuming that the one before it is. */
  follows(frame: number): boolean {
    const before = this.#storedAt(this.#placeOf(frame - 1) + 16);
    const sum = this.#sumOf(frame, before);
    return this.#hasSalts(frame) && this.#isStoredAt(this.#placeOf(frame) + 16, sum);
  }

  #placeOf(frame: number): number {
    return HEADER + frame * this.#frameLength;
  }

  #hasSalts(frame: number): boolean {
    const place = this.#placeOf(frame) + 8;
    return this.#bytes.subarray(place, place + 8).equals(this.salts);
  }

  #sumOf(frame: number, before: Checksum): Checksum {
    const place = this.#placeOf(frame);
    const sum = this.#sum(before, place, place + 8);
    return this.#sum(sum, place + FRAME_HEADER, place + this.#frameLength);
  }

  #storedAt(place: number): Checksum {
    return [this.#bytes.readUInt32BE(place), this.#bytes.readUInt32BE(place + 4)];
  }

  #isStoredAt(place: number, [first, second]: Checksum): boolean {
    const stored = this.#storedAt(place);
    return stored[0] === first && stored[1] === second;
  }

  #sum([first, second]: Checksum, from: number, to: number): Checksum {
    const bytes = this.#bytes;
    let a = first;
    let b = second;
    for (let place = from; place < to; place += 8) {
      if (this.#isLittleEndian) {
        a = (a + bytes.readUInt32LE(place) + b) >>> 0;
        b = (b + bytes.readUInt32LE(place + 4) + a) >>> 0;
      } else {
        a = (a + bytes.readUInt32BE(place) + b) >>> 0;
        b = (b + bytes.readUInt32BE(place + 4) + a) >>> 0;
      }
    }
    return [a, b];
  }
}

/** The number of committed frames according to the index, if it belongs to the log with these salts. */
function committedFrames(index: Buffer, salts?: Buffer): number {
  const HEADER_OF_INDEX = 48;
  if (index.length < HEADER_OF_INDEX * 2) return 0;
  const copy = index.subarray(HEADER_OF_INDEX, HEADER_OF_INDEX * 2);
  // The header is stored twice; different copies mean that it was being written.
  if (!index.subarray(0, HEADER_OF_INDEX).equals(copy)) return 0;
  if (salts !== undefined && !copy.subarray(32, 40).equals(salts)) return 0;
  return new Uint32Array(new Uint8Array(copy.subarray(16, 20)).buffer)[0] ?? 0;
}

/** The size of a file; 0 if it does not exist. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}
