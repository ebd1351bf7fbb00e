/** Splits received bytes into lines. */

const NEWLINE = 10;
/** A larger buffer is released when it is empty. */
const KEPT_CAPACITY = 65_536;

/** A whole line without its newline, or a marker for a line that was too long. */
export type Line = Buffer | 'too long';

/**
 * Collects bytes and returns lines. The cost of a line does not depend on the number of pieces in which it arrived.
 */
export class LineBuffer {
  #bytes = Buffer.alloc(0);
  /** The range of unread bytes. */
  #start = 0;
  #end = 0;
  /** There is no newline before this position. */
  #searched = 0;
  /** Whether the bytes up to the next newline are skipped. */
  #skips = false;

  /** The number of unread bytes. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** The memory used, in bytes. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Whether bytes are skipped up to the next newline. */
  get skips(): boolean {
    return this.#skips;
  }

  append(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /** The next line; undefined if it is not complete. A line that is too long is not kept. */
  next(maxLength: number): Line | undefined {
    const at = this.#bytes.subarray(0, this.#end).indexOf(NEWLINE, this.#searched);
    if (at === -1) {
      this.#searched = this.#end;
      if (this.#skips || this.size > maxLength) {
        this.#skips = true;
        this.#drop(this.#end);
      }
      return undefined;
    }
    const isTooLong = this.#skips || at - this.#start > maxLength;
    const line = isTooLong ? 'too long' : Buffer.from(this.#bytes.subarray(this.#start, at));
    this.#skips = false;
    this.#drop(at + 1);
    return line;
  }

  /** Releases the buffer. */
  clear(): void {
    this.#drop(this.#end);
    this.#bytes = Buffer.alloc(0);
  }

  #drop(upTo: number): void {
    this.#start = upTo;
    this.#searched = upTo;
    if (this.size > 0) return;
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
    if (this.#bytes.length > KEPT_CAPACITY) this.#bytes = Buffer.alloc(0);
  }

  #makeRoom(length: number): void {
    const { size } = this;
    const needed = size + length;
    const target =
      needed <= this.#bytes.length / 2
        ? this.#bytes
        : Buffer.allocUnsafe(Math.max(1024, needed * 2));
    this.#bytes.copy(target, 0, this.#start, this.#end);
    this.#bytes = target;
    this.#searched -= this.#start;
    this.#start = 0;
    this.#end = size;
  }
}
