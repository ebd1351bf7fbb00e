/** Where items come from: files or stdin, read no faster than they are taken. */

import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { InputError, type RecordBatch, records } from './records.ts';

/** How items stand in the input: one a line, between NUL bytes, or a JSON value a line. */
export type ItemFormat = 'lines' | 'null' | 'jsonl';

/** What is read. */
export interface Input {
  /** Their paths; `-` is stdin. */
  readonly files: readonly string[];
  readonly format: ItemFormat;
}

/** @throws InputError for a file that cannot be read. */
export function checkInput({ files }: Input): void {
  for (const file of files) {
    if (file === '-') continue;
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      throw new InputError(`expected input that can be read, got ${(error as Error).message}`);
    }
    if (statSync(file).isDirectory()) {
      throw new InputError(`expected input that can be read, got ${file}, a folder`);
    }
  }
}

/** How much of a file is read at once. */
const CHUNK = 256 * 1024;

/**
 * The items of all files, one file after the other, as many at a time as came with a chunk. Empty
 * lines are no items; between NUL bytes every item counts.
 *
 * @throws InputError, and what opening and reading throws.
 */
export async function* readItems({ files, format }: Input): AsyncGenerator<readonly unknown[]> {
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
      items.push(JSON.parse(line));
    } catch {
      yield items;
      const start = line.length > 60 ? `${line.slice(0, 60)}…` : line;
      throw new InputError(`expected JSON, got ${start} at ${source}:${batch.first + place}`);
    }
  }
  yield items;
}
