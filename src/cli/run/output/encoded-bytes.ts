/** Encodes bytes in JSON: as text if they are UTF-8, otherwise as base64. */

import { isUtf8 } from 'node:buffer';

// A type and not an interface, which would not be assignable to `Json`.
export type EncodedBytes = {
  readonly text: string;
  /** The encoding of the text; by default UTF-8. */
  readonly encoding?: 'base64';
};

export function encodeBytes(bytes: Uint8Array): EncodedBytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer)
    ? { text: buffer.toString('utf8') }
    : { text: buffer.toString('base64'), encoding: 'base64' };
}

export function decodeBytes({ text, encoding }: EncodedBytes): Buffer {
  return Buffer.from(text, encoding ?? 'utf8');
}
