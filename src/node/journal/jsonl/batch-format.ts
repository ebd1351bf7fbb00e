/**
 * The format of a batch in a file: a header line, then the context and a line for each event. Both parts have
 * checksums; the header needs one, since its length field determines where the next batch begins.
 */

import { crc32 } from '../crc32.ts';
import type { Batch } from '../file-medium.ts';

/**
 * The version of the format. Format 1 has no context, and each line is the complete JSON of an event: in files of
 * older versions, and in exported ones.
 */
const FORMAT = 2;

/** The header of a batch. */
export interface BatchHeader {
  readonly format: 1 | typeof FORMAT;
  /** The `seq` of the first event. */
  readonly first: number;
  readonly count: number;
  /** The length of all lines after the header. */
  readonly bytes: number;
  /** The checksum of all lines after the header. */
  readonly crc: number;
}

/** The maximum length of a header, including the newline. */
export const HEADER_BYTES = 160;

const HEADER =
  /^(\{(?:"format":(\d+),)?"first":(\d+),"count":(\d+),"bytes":(\d+),"crc":"([0-9a-f]{8})"),"head":"([0-9a-f]{8})"\}$/;
/** Matches headers of any format. */
const END = Buffer.from('\n');
const ANY_HEADER = /^(\{"format":(\d+),.*),"head":"([0-9a-f]{8})"\}$/;

/** Encodes a batch. */
export function bytesOf({ first, count, context, rows }: Batch): Buffer {
  return withHeader({ format: FORMAT, first, count }, [Buffer.from(`${context}\n`), rows, END]);
}

/** Encodes a batch in format 1: the JSON of each event, without newlines. */
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
 * Parses a header; undefined if it is damaged.
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
