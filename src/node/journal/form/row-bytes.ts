/** A growing buffer for the bytes of rows; rows of numbers are written without creating strings. */

/** The maximum size of a row without its strings: a letter, six numbers, and the characters in between. */
const ROW = 192;
/** Up to this length the size of a string is not computed, but assumed to be three bytes per character. */
const SHORT = 1024;
const COMMA = 44;
const ZERO = 48;

export class RowBytes {
  readonly #separator: number;
  #bytes: Buffer;
  #length = 0;

  /**
   * @param expected the approximate number of bytes.
   */
  constructor(separator: string, expected: number) {
    this.#separator = separator.charCodeAt(0);
    this.#bytes = Buffer.allocUnsafeSlow(expected + ROW);
  }

  /** Begins a row with a short ASCII string. */
  begin(text: string): void {
    this.#reserve(ROW);
    if (this.#length > 0) this.#bytes[this.#length++] = this.#separator;
    this.#ascii(text);
  }

  /** Writes a comma and a finite number as in JSON. */
  number(value: number): void {
    this.#bytes[this.#length++] = COMMA;
    const whole = value | 0;
    if (whole === value && whole >= 0) this.#digits(whole);
    else this.#ascii(String(value));
  }

  byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }

  /** Writes any string. */
  text(text: string): void {
    const most = text.length < SHORT ? 3 * text.length : Buffer.byteLength(text);
    this.#reserve(most + ROW);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Returns all bytes; nothing may be written afterwards. */
  end(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #digits(value: number): void {
    const bytes = this.#bytes;
    let place = this.#length + numDigits(value);
    this.#length = place;
    let rest = value;
    do {
      const tens = (rest / 10) | 0;
      bytes[--place] = ZERO + rest - 10 * tens;
      rest = tens;
    } while (rest > 0);
  }

  #ascii(text: string): void {
    const bytes = this.#bytes;
    let place = this.#length;
    for (let n = 0; n < text.length; n++) bytes[place++] = text.charCodeAt(n);
    this.#length = place;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** The number of digits of a whole number below 2 ** 31. */
function numDigits(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  if (value < 10_000) return 4;
  if (value < 100_000) return 5;
  if (value < 1_000_000) return 6;
  if (value < 10_000_000) return 7;
  if (value < 100_000_000) return 8;
  return value < 1_000_000_000 ? 9 : 10;
}
