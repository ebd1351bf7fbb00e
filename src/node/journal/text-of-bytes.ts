/** Decodes UTF-8, with a fast path for ASCII. */

import { isAscii } from 'node:buffer';

export function textOfBytes(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return Buffer.from(buffer, byteOffset, byteLength).toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
