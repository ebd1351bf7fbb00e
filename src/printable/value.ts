/**
 * Prints untrusted values: thrown, reported or given ones. They may be anything, including values that JSON refuses
 * (a bigint, a cycle), that throw when they are read, or that are far too long to print.
 */

import { digitsOf } from '../kit/digits.ts';
import { readError } from './error-fields.ts';
import { MAX_VALUE_LENGTH, printableLine, shortened } from './text.ts';

/**
 * The value as one printable line, in the form of JSON if it has one. Never throws, and reads no more of the value
 * than it prints.
 *
 * @param maxLength the most characters; longer values are cut. Default: 200.
 */
export function printableValue(value: unknown, maxLength: number = MAX_VALUE_LENGTH): string {
  const writer = new ValueWriter(maxLength);
  writer.write(value);
  return shortened(printableLine(writer.text), maxLength);
}

/** Writes values until there is no room left. */
class ValueWriter {
  text = '';
  readonly #maxLength: number;
  /** The objects that contain the current one. */
  readonly #path: object[] = [];

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get #isFull(): boolean {
    return this.text.length > this.#maxLength;
  }

  write(value: unknown): void {
    try {
      this.#write(value);
    } catch {
      this.text += `[${typeof value} that cannot be read]`;
    }
  }

  #write(value: unknown): void {
    if (typeof value === 'string') this.#writeString(value);
    else if (typeof value === 'bigint') this.text += digitsOf(value);
    else if (typeof value === 'function') this.text += '[function]';
    else if (typeof value === 'object' && value !== null) this.#writeObject(value);
    else this.text += Object.is(value, -0) ? '-0' : String(value);
  }

  #writeString(value: string): void {
    this.text += JSON.stringify(shortened(value, this.#maxLength));
  }

  #writeObject(object: object): void {
    const error = readError(object);
    if (error !== undefined) {
      this.text += `[${error.name}: ${shortened(error.message, this.#maxLength)}]`;
    } else if (this.#path.includes(object)) {
      this.text += '[circular]';
    } else {
      this.#path.push(object);
      this.#writeContents(object);
      this.#path.pop();
    }
  }

  #writeContents(object: object & { toJSON?: unknown }): void {
    if (ArrayBuffer.isView(object)) this.text += `[${object.byteLength} bytes]`;
    else if (Array.isArray(object)) this.#writeArray(object);
    else if (typeof object.toJSON === 'function') this.#writeData(object.toJSON());
    else this.#writeFields(object);
  }

  /** The result of `toJSON`, whose own `toJSON` is not called, as in JSON. */
  #writeData(data: unknown): void {
    if (typeof data !== 'object' || data === null) this.#write(data);
    else if (Array.isArray(data)) this.#writeArray(data);
    else this.#writeFields(data);
  }

  #writeArray(array: readonly unknown[]): void {
    this.text += '[';
    for (let i = 0; i < array.length && !this.#isFull; i++) {
      if (i > 0) this.text += ',';
      this.#writePart(() => array[i]);
    }
    this.text += ']';
  }

  #writeFields(object: object): void {
    this.text += '{';
    let separator = '';
    for (const key of Object.keys(object)) {
      if (this.#isFull) break;
      this.text += separator;
      separator = ',';
      this.#writeString(key);
      this.text += ':';
      this.#writePart(() => (object as Record<string, unknown>)[key]);
    }
    this.text += '}';
  }

  /** A part of a value: if it cannot be read, the other parts are still written. */
  #writePart(read: () => unknown): void {
    let part: unknown;
    try {
      part = read();
    } catch {
      this.text += '[throws]';
      return;
    }
    this.write(part);
  }
}
