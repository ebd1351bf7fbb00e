/**
 * A batch in a file: a line that says what follows, then a line for each event. Both have a
 * checksum, that of the header too, since what it says of the length decides where to continue.
 */

import { crc32 } from '../crc32.ts';
import type { Batch } from '../file-medium.ts';

/** What is said of a batch in the line before it. */
export interface BatchHeader {
  /** The `seq` of the first event. */
  readonly first: number;
  readonly count: number;
  /** The length of all its lines. */
  readonly bytes: number;
  /** The checksum of all its lines. */
  readonly crc: number;
}

/** No header is longer, the newline included. */
export const HEADER_BYTES = 160;

const HEADER =
  /^(\{"first":(\d+),"count":(\d+),"bytes":(\d+),"crc":"([0-9a-f]{8})"),"head":"([0-9a-f]{8})"\}$/;

/** The bytes of a batch. */
export function bytesOf({ first, lines }: Batch): Buffer {
  const body = Buffer.from(`${lines.join('\n')}\n`);
  const { length: bytes } = body;
  const header = headerLine({ first, count: lines.length, bytes, crc: crc32(body) });
  return Buffer.concat([Buffer.from(header), body]);
}

function headerLine({ first, count, bytes, crc }: BatchHeader): string {
  const text = `{"first":${first},"count":${count},"bytes":${bytes},"crc":"${hex(crc)}"`;
  return `${text},"head":"${hex(crc32(text))}"}\n`;
}

/** The header in a line; undefined if that is not what it was written as. */
export function headerIn(line: string): BatchHeader | undefined {
  const [, text = '', first, count, bytes, crc = '', head = ''] = HEADER.exec(line) ?? [];
  if (text === '' || hex(crc32(text)) !== head) return undefined;
  return {
    first: Number(first),
    count: Number(count),
    bytes: Number(bytes),
    crc: Number.parseInt(crc, 16),
  };
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
