/** Bytes in JSON: as text where they are UTF-8, and else in base64, so that none is lost. */

import { isUtf8 } from 'node:buffer';

// A type and not an interface, which could not be used as `Json`.
export type EncodedBytes = {
  readonly text: string;
  /** How the text stands for bytes; without it they are its UTF-8. */
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
