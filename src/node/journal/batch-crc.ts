/** The checksum of a batch, over all columns of its row. */

import { crc32 } from './crc32.ts';

export function batchCrc(
  first: number,
  last: number,
  context: string,
  rows: string | Uint8Array,
): number {
  return crc32(rows, crc32(`${first} ${last} ${context} `));
}
