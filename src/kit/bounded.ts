/** Values of any origin and size, as no more text than is wanted: a value without an end must not stop the process. */

import { isArray } from './realms.ts';
import { shortened } from './shortened.ts';

/** About what anything but a text takes as JSON. */
const PART = 8;

/**
 * What JSON makes of a value; undefined for what it leaves out.
 *
 * @throws what JSON throws, and RangeError where the value takes more than about so many characters.
 */
export function jsonWithin(most: number, value: unknown): string | undefined {
  let left = most;
  return JSON.stringify(value, (key, part) => {
    left -= key.length + (typeof part === 'string' ? part.length : PART);
    if (left < 0) throw new RangeError();
    return part;
  });
}

/** A value as text, cut where that gets longer than so many characters. Never throws. */
export function textWithin(most: number, value: unknown): string {
  try {
    // An array as text is a list of all that is in it, however much that is.
    const isList = isArray(value) || ArrayBuffer.isView(value);
    const text = isList ? Object.prototype.toString.call(value) : String(value);
    if (text.length <= most) return text;
    // A part of a text holds all of it in memory, a copy does not.
    return JSON.parse(JSON.stringify(shortened(text, most))) as string;
  } catch {
    return `[${typeof value}]`;
  }
}
