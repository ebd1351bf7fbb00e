/** The checksum that detects corruption on disk. */

import zlib from 'node:zlib';

/**
 * The CRC-32 of bytes, or of the UTF-8 bytes of a string, continuing the checksum `before`. Node has it since 20.15
 * and 22.2.
 */
export const crc32: (data: string | Uint8Array, before?: number) => number =
  zlib.crc32 ?? crc32ByTable;

/** The checksum of a snapshot, which includes its `seq`. */
export function snapshotCrc(seq: number, state: string): number {
  return crc32(`${seq} ${state}`);
}

/** {@link crc32} in plain JavaScript. */
export function crc32ByTable(data: string | Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of typeof data === 'string' ? Buffer.from(data) : data) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  }
  return ~crc >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
