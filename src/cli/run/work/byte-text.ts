/**
 * Texts that hold bytes which are not UTF-8, such as the names of files can have. Each such byte is
 * one lone surrogate, U+DC80 to U+DCFF, which no UTF-8 stands for: so such a text can be cut, joined,
 * compared, and written as JSON, and gives the same bytes again. Python does the same (PEP 383).
 */

import { isUtf8 } from 'node:buffer';

const FIRST_SURROGATE = 0xdc00;
/** With the flag `u`, halves of pairs are not found. */
const BYTES = /[\udc80-\udcff]+/u;
/** Where JSON says so with an escape. */
const BYTES_IN_JSON = /\\udc[89a-f][0-9a-f]/;

export function textOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number;
    const sequence = bytes.subarray(at, at + lengthOfSequence(byte));
    if (isUtf8(sequence)) {
      parts.push(sequence.toString('utf8'));
      at += sequence.length;
    } else {
      parts.push(String.fromCharCode(FIRST_SURROGATE + byte));
      at++;
    }
  }
  return parts.join('');
}

export function bytesOfText(text: string): Buffer {
  if (!holdsBytes(text)) return Buffer.from(text);
  const parts = text.split(/([\udc80-\udcff]+)/u);
  // Split puts what separates between what is separated; of a surrogate the low byte is meant.
  return Buffer.concat(parts.map((part, i) => Buffer.from(part, i % 2 === 1 ? 'latin1' : 'utf8')));
}

/** Whether there are bytes in a text, or in the texts of any other value, that are not UTF-8. */
export function holdsBytes(value: unknown): boolean {
  if (typeof value === 'string') return BYTES.test(value);
  return typeof value === 'object' && value !== null && BYTES_IN_JSON.test(JSON.stringify(value));
}

/** How many bytes a character takes that begins with this one. */
function lengthOfSequence(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
