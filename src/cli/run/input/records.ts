/** Cuts a stream of bytes into records: lines, or what stands between NUL bytes. */

import { isUtf8 } from 'node:buffer';
import { textOfBytes } from '../byte-text.ts';

/** No record may be longer: one that is has most likely another separator than was thought. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const BOM = '\uFEFF';

/** How items stand in the input: one a line, between NUL bytes, or a JSON value a line. */
export type ItemFormat = 'lines' | 'null' | 'jsonl';

/** Input that cannot be used, and where it stands. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Records that follow each other, without their separators. */
export interface RecordBatch {
  readonly records: readonly string[];
  /** The place of the first of them, from 1: for lines, the number of the line. */
  readonly first: number;
}

/**
 * The records of a stream, as many at a time as came with a chunk; see `byte-text.ts` for those that
 * are not UTF-8.
 *
 * @param source what the stream is called in errors.
 * @throws InputError for a record that is too long.
 */
export async function* records(
  chunks: AsyncIterable<Uint8Array>,
  separator: '\n' | '\0',
  source: string,
): AsyncGenerator<RecordBatch> {
  let first = 1;
  for await (const bytes of wholeRecords(chunks, separator.charCodeAt(0), source)) {
    const found = isUtf8(bytes)
      ? bytes.toString('utf8').split(separator)
      : split(bytes, separator).map(textOfBytes);
    if (first === 1 && separator === '\n' && found[0]?.startsWith(BOM))
      found[0] = found[0].slice(1);
    // What follows the last separator is a record only where there is something.
    if (found.at(-1) === '') found.pop();
    yield { records: found, first };
    first += found.length;
  }
}

/** The same bytes, cut after separators; only what comes last may lack its own. */
async function* wholeRecords(
  chunks: AsyncIterable<Uint8Array>,
  separator: number,
  source: string,
): AsyncGenerator<Buffer> {
  let begun: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(separator) + 1;
    if (end > 0) {
      yield Buffer.concat([...begun, chunk.subarray(0, end)]);
      begun = [];
      length = 0;
    }
    if (end < chunk.length) begun.push(chunk.subarray(end));
    length += chunk.length - end;
    if (length > MAX_RECORD_BYTES) {
      throw new InputError(
        `expected items of at most ${MAX_RECORD_BYTES} bytes, got a longer one in ${source}`,
      );
    }
  }
  if (length > 0) yield Buffer.concat(begun);
}

function split(bytes: Buffer, separator: string): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(separator); end !== -1; end = bytes.indexOf(separator, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  parts.push(bytes.subarray(start));
  return parts;
}
