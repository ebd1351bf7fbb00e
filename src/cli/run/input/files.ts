/** Items in files or on stdin, read no faster than they are taken. */

import { createReadStream } from 'node:fs';
import { InputError, type ItemFormat, type RecordBatch, records } from './records.ts';

/** How much of a file is read at once. */
const CHUNK = 256 * 1024;

/**
 * The items of files, one file after the other. Empty lines are no items; between NUL bytes every
 * item counts.
 *
 * @throws InputError, and what opening and reading throws.
 */
export async function* readFiles(
  files: readonly string[],
  format: ItemFormat,
): AsyncGenerator<readonly unknown[]> {
  const separator = format === 'null' ? '\0' : '\n';
  for (const file of files) {
    const source = file === '-' ? 'stdin' : file;
    for await (const batch of records(bytesOf(file), separator, source)) {
      if (format === 'jsonl') yield* parsed(batch, source);
      else yield texts(batch, format);
    }
  }
}

function bytesOf(file: string): AsyncIterable<Uint8Array> {
  return file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK });
}

function texts(batch: RecordBatch, format: ItemFormat): readonly string[] {
  return format === 'null' ? batch.records : batch.records.map(withoutReturn).filter(isNotEmpty);
}

/** Lines may end as they do on Windows. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isNotEmpty(line: string): boolean {
  return line !== '';
}

/** Those before one that is no JSON are items nevertheless. */
function* parsed(batch: RecordBatch, source: string): Generator<readonly unknown[]> {
  const items: unknown[] = [];
  for (const [place, line] of batch.records.entries()) {
    if (line.trim() === '') continue;
    try {
      items.push(parseJson(line, `${source}:${batch.first + place}`));
    } catch (error) {
      yield items;
      throw error;
    }
  }
  yield items;
}

/** An item that is on the command line. @throws InputError */
export function parseArgument(text: string, format: ItemFormat): unknown {
  return format === 'jsonl' ? parseJson(text, 'the command line') : text;
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const start = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    throw new InputError(`expected JSON, got ${start} at ${place}`);
  }
}
