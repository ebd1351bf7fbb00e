/** Converts untrusted values to text of limited length: an endless value must not block the process. */

import { isArray } from './realms.ts';
import { shortened } from './shortened.ts';

/** The assumed length as JSON of anything but a string. */
const PART = 8;

/**
 * The JSON of a value; undefined if it has none.
 *
 * @throws what JSON throws, and RangeError if it takes more than about `most` characters.
 */
export function jsonWithin(most: number, value: unknown): string | undefined {
  let left = most;
  return JSON.stringify(value, (key, part) => {
    // Of a typed array, JSON lists all keys before it asks for the first element.
    const size = ArrayBuffer.isView(part) ? part.byteLength : PART;
    left -= key.length + (typeof part === 'string' ? part.length : size);
    if (left < 0) throw new RangeError();
    return part;
  });
}

/** A value as text, cut after `most` characters. Never throws. */
export function textWithin(most: number, value: unknown): string {
  try {
    // The text of an array lists all its elements, however many.
    if (!isArray(value) && !ArrayBuffer.isView(value)) {
      const text = String(value);
      // A substring would retain the whole text in memory, a copy does not.
      return text.length > most ? JSON.parse(JSON.stringify(shortened(text, most))) : text;
    }
  } catch {
    // Falls back to its type.
  }
  return `[${typeof value}]`;
}
