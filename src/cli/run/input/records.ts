/** Splits a stream of bytes into records: lines, or parts with another delimiter. */

import { isUtf8 } from 'node:buffer';
import { textOfBytes } from '../work/byte-text.ts';

/** The maximum length of a record: a longer one most likely means a wrong delimiter. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const BOM = '\uFEFF';

/** The format of items: one per line, separated by NUL bytes, or one JSON value per line. */
export type ItemFormat = 'lines' | 'null' | 'jsonl';

/** The format, with an optional delimiter. */
export interface ItemForm {
  readonly format: ItemFormat;
  /** Set if it is neither a line break nor a NUL byte: items are then taken verbatim. */
  readonly delimiter?: string;
}

/** The delimiter of items. */
export function delimiterOf({ format, delimiter }: ItemForm): string {
  return delimiter ?? (format === 'null' ? '\0' : '\n');
}

/** Invalid input, and its position. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Consecutive records without their separators. */
export interface RecordBatch {
  readonly records: readonly string[];
  /** The position of the first record, from 1; for lines, the line number. */
  readonly first: number;
}

/**
 * The records of a stream, in batches of a chunk; see `byte-text.ts` for those that are not UTF-8.
 *
 * @param source the name of the stream in errors.
 * @throws InputError if a record is too long.
 */
export async function* records(
  chunks: AsyncIterable<Uint8Array>,
  separator: string,
  source: string,
): AsyncGenerator<RecordBatch> {
  let first = 1;
  for await (const bytes of wholeRecords(chunks, Buffer.from(separator), source)) {
    const found = isUtf8(bytes)
      ? bytes.toString('utf8').split(separator)
      : split(bytes, separator).map(textOfBytes);
    if (first === 1 && separator === '\n' && found[0]?.startsWith(BOM))
      found[0] = found[0].slice(1);
    // A record after the last separator counts only if it is not empty.
    if (found.at(-1) === '') found.pop();
    yield { records: found, first };
    first += found.length;
  }
}

/** The same bytes, cut after separators; only the last piece may lack one. */
async function* wholeRecords(
  chunks: AsyncIterable<Uint8Array>,
  separator: Buffer,
  source: string,
): AsyncGenerator<Buffer> {
  let begun: Uint8Array[] = [];
  let length = 0;
  /** The last bytes of an unfinished record, since a separator may be split between two chunks. */
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const window = tail.length === 0 ? viewOf(chunk) : Buffer.concat([tail, chunk]);
    const found = lastEnd(window, separator);
    const end = found - tail.length;
    if (found > 0) {
      yield Buffer.concat([...begun, chunk.subarray(0, end)]);
      begun = [];
      length = 0;
    }
    const rest = found > 0 ? chunk.subarray(end) : chunk;
    if (rest.length > 0) begun.push(rest);
    length += rest.length;
    tail = window.subarray(Math.max(found, window.length - separator.length + 1));
    if (length > MAX_RECORD_BYTES) {
      throw new InputError(
        `expected items of at most ${MAX_RECORD_BYTES} bytes, got a longer one in ${source}`,
      );
    }
  }
  if (length > 0) yield Buffer.concat(begun);
}

function viewOf(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** The end of the last separator when searching forwards; 0 if there is none. */
function lastEnd(bytes: Buffer, separator: Buffer): number {
  if (separator.length === 1) return bytes.lastIndexOf(separator) + 1;
  let end = 0;
  for (let at = bytes.indexOf(separator); at !== -1; at = bytes.indexOf(separator, end)) {
    end = at + separator.length;
  }
  return end;
}

function split(bytes: Buffer, separator: string): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(separator); end !== -1; end = bytes.indexOf(separator, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + Buffer.byteLength(separator);
  }
  parts.push(bytes.subarray(start));
  return parts;
}
