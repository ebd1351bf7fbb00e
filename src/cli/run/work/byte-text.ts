/**
 * Strings for bytes that may not be UTF-8, such as file names. Each invalid byte is a lone surrogate, U+DC80 to
 * U+DCFF, which no UTF-8 decodes to: such a string can be cut, joined, compared, written as JSON, and converted back
 * to the same bytes. Python does the same (PEP 383).
 */

import { isUtf8 } from 'node:buffer';

const FIRST_SURROGATE = 0xdc00;
/** The flag `u` excludes halves of surrogate pairs. */
const BYTES = /[\udc80-\udcff]+/u;
/** The escape of such a surrogate in JSON. */
const BYTES_IN_JSON = /\\udc[89a-f][0-9a-f]/;
/** Each escape in JSON that may be, or may hide, one of those. */
const ESCAPES_IN_JSON = /\\(?:\\|u(dc[89a-f][0-9a-f]))/g;

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
  // Split puts separators at odd positions; latin1 keeps the low byte of a surrogate.
  return Buffer.concat(parts.map((part, i) => Buffer.from(part, i % 2 === 1 ? 'latin1' : 'utf8')));
}

/** Whether a string, or any string within a value, contains bytes that are not UTF-8. */
export function holdsBytes(value: unknown): boolean {
  if (typeof value === 'string') return BYTES.test(value);
  return typeof value === 'object' && value !== null && BYTES_IN_JSON.test(JSON.stringify(value));
}

/** A value as JSON in which invalid bytes are not escaped, so that they are converted back as well. */
export function jsonWithBytes(value: unknown): string {
  const json = JSON.stringify(value);
  if (!BYTES_IN_JSON.test(json)) return json;
  return json.replace(ESCAPES_IN_JSON, (whole, code?: string) =>
    code === undefined ? whole : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The length of the UTF-8 sequence that begins with a byte. */
function lengthOfSequence(byte: number): number {
  if (byte < 0xc0) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
