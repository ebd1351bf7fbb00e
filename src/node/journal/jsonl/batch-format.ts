/**
 * A batch in a file: a line that says what follows, then its context and a line for each event. Both
 * have a checksum, that of the header too, since what it says of the length decides where to continue.
 */

import { crc32 } from '../crc32.ts';
import type { Batch } from '../file-medium.ts';

/**
 * How batches are written. 1 has no context, and each line is the JSON of an event, whole: in files of
 * older versions, and in exported ones.
 */
const FORMAT = 2;

/** What is said of a batch in the line before it. */
export interface BatchHeader {
  readonly format: 1 | typeof FORMAT;
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
  /^(\{(?:"format":(\d+),)?"first":(\d+),"count":(\d+),"bytes":(\d+),"crc":"([0-9a-f]{8})"),"head":"([0-9a-f]{8})"\}$/;
/** Whatever else is in it. */
const END = Buffer.from('\n');
const ANY_HEADER = /^(\{"format":(\d+),.*),"head":"([0-9a-f]{8})"\}$/;

/** The bytes of a batch. */
export function bytesOf({ first, count, context, rows }: Batch): Buffer {
  return withHeader({ format: FORMAT, first, count }, [Buffer.from(`${context}\n`), rows, END]);
}

/** The bytes of a batch whose events are whole: their JSON, without newlines. */
export function plainBytesOf(first: number, lines: readonly string[]): Buffer {
  const body = Buffer.from(`${lines.join('\n')}\n`);
  return withHeader({ format: 1, first, count: lines.length }, [body]);
}

function withHeader(
  { format, first, count }: Pick<BatchHeader, 'format' | 'first' | 'count'>,
  body: readonly Uint8Array[],
): Buffer {
  const said = format === 1 ? '' : `"format":${format},`;
  let bytes = 0;
  let crc = 0;
  for (const part of body) {
    bytes += part.length;
    crc = crc32(part, crc);
  }
  const header = `{${said}"first":${first},"count":${count},"bytes":${bytes},"crc":"${hex(crc)}"`;
  return Buffer.concat([Buffer.from(`${header},"head":"${hex(crc32(header))}"}\n`), ...body]);
}

/**
 * The header in a line; undefined if that is not what it was written as.
 *
 * @throws RangeError if a later version of this package wrote it.
 */
export function headerIn(line: string, path: string): BatchHeader | undefined {
  const [, text = '', format, first, count, bytes, crc = '', head] = HEADER.exec(line) ?? [];
  if (text === '' || hex(crc32(text)) !== head || Number(format ?? 1) > FORMAT) {
    checkFormat(line, path);
    return undefined;
  }
  return {
    format: format === undefined ? 1 : FORMAT,
    first: Number(first),
    count: Number(count),
    bytes: Number(bytes),
    crc: Number.parseInt(crc, 16),
  };
}

function checkFormat(line: string, path: string): void {
  const [, text = '', format, head] = ANY_HEADER.exec(line) ?? [];
  if (text === '' || hex(crc32(text)) !== head || Number(format) <= FORMAT) return;
  throw new RangeError(
    `expected a journal of format 1 to ${FORMAT}, got format ${format}: ${path}`,
  );
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
