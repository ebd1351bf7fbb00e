/** Makes lines of the bytes that come in. */

const NEWLINE = 10;
/** A buffer that has grown beyond this is released when it is empty. */
const KEPT_CAPACITY = 65_536;

/** A whole line without its newline, or that one was too long. */
export type Line = Buffer | 'too long';

/** Bytes in, lines out. What a line costs does not depend on the pieces that it came in. */
export class LineBuffer {
  #bytes = Buffer.alloc(0);
  /** What is held is between these two. */
  #start = 0;
  #end = 0;
  /** Up to here there is no newline. */
  #searched = 0;
  /** Whether the bytes up to the next newline are to be dropped. */
  #skips = false;

  /** How many bytes are held. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** How much memory that takes, in bytes. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Whether it drops what comes, up to the next newline. */
  get skips(): boolean {
    return this.#skips;
  }

  append(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /** The next line, undefined if it is not complete. Of one that is too long nothing is held. */
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

  /** Releases everything. */
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
