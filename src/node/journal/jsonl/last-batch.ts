/** Determines the end of a file from its last bytes, without reading all of it. */

import { fstatSync, readSync } from 'node:fs';
import { onFile } from '../file-error.ts';
import { HEADER_BYTES, headerIn } from './batch-format.ts';

/** The number of bytes that are searched: pools write shorter batches. */
const LOOKED_AT = 1 << 19;
/** The beginning of headers in every format. */
const BEGINNING = '{"f';
const NEWLINE = 10;

/** The event after the last batch of a file that ends with a batch; undefined if that cannot be determined. */
export function nextAfter(fd: number, path: string): number | undefined {
  const bytes = endOf(fd, path);
  for (let at = bytes.lastIndexOf(BEGINNING); at >= 0; at = before(bytes, at)) {
    const line = bytes.subarray(at, at + HEADER_BYTES);
    const length = line.indexOf(NEWLINE);
    const header = length === -1 ? undefined : headerIn(line.toString('latin1', 0, length), path);
    if (header === undefined) continue;
    const isWhole = at + length + 1 + header.bytes === bytes.length;
    return isWhole ? header.first + header.count : undefined;
  }
  return undefined;
}

function before(bytes: Buffer, at: number): number {
  return at === 0 ? -1 : bytes.lastIndexOf(BEGINNING, at - 1);
}

function endOf(fd: number, path: string): Buffer {
  return onFile(path, () => {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, LOOKED_AT));
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, read);
  });
}
