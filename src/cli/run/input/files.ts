/** Reads items from files or stdin, with backpressure. */

import { close, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { delimiterOf, InputError, type ItemForm, type RecordBatch, records } from './records.ts';
import { stdinOf } from './stdin.ts';

/** Bytes per read. */
const CHUNK = 256 * 1024;

/**
 * The items of files, one file after the other. Empty lines are skipped; with any other delimiter empty items count.
 *
 * @throws InputError, and the errors of opening and reading.
 */
export async function* readFiles(
  files: readonly string[],
  form: ItemForm,
): AsyncGenerator<readonly unknown[]> {
  const delimiter = delimiterOf(form);
  for (const file of files) {
    const source = file === '-' ? 'stdin' : file;
    for await (const batch of records(bytesOf(file), delimiter, source)) {
      if (form.format === 'jsonl') yield* parsed(batch, source);
      else yield texts(batch, form);
    }
  }
}

/**
 * The items of one file, reading no further than needed. What was read of stdin is put back, so that it can be read
 * again.
 */
export async function* readStart(file: string, form: ItemForm): AsyncGenerator<readonly unknown[]> {
  if (file !== '-') {
    yield* readFiles([file], form);
    return;
  }
  const taken: Uint8Array[] = [];
  async function* chunks() {
    for await (const chunk of stdinOf(process.stdin).chunks()) {
      taken.push(chunk);
      yield chunk;
    }
  }
  try {
    for await (const batch of records(chunks(), delimiterOf(form), 'stdin'))
      yield texts(batch, form);
  } finally {
    stdinOf(process.stdin).putBack(taken);
  }
}

function bytesOf(file: string): AsyncIterable<Uint8Array> {
  return file === '-' ? stdinOf(process.stdin).chunks() : chunksOf(file);
}

const opened = promisify(open);
const readSome = promisify(read);
const closed = promisify(close);

/** Like a read stream of Node, which takes longer to load than reading most inputs. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const fd = await opened(path, 'r');
  try {
    for (;;) {
      const { bytesRead, buffer } = await readSome(fd, Buffer.allocUnsafe(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await closed(fd);
  }
}

function texts({ records: all }: RecordBatch, form: ItemForm): readonly string[] {
  const areLines = form.format === 'lines' && form.delimiter === undefined;
  return areLines ? all.map(withoutReturn).filter(isNotEmpty) : all;
}

/** Lines may end with CRLF. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isNotEmpty(line: string): boolean {
  return line !== '';
}

/** Items before one that is not JSON are still yielded. */
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

/** Parses an item given on the command line. @throws InputError */
export function parseArgument(text: string, { format }: ItemForm): unknown {
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
