/** `--tag` and `--tagstring`: which item a line of output is of. */

import { STDERR, STDOUT } from '../../descriptors.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { filled } from '../exec/placeholders.ts';
import { textOf } from '../work/work.ts';
import { type ByteSource, isByteSource } from './byte-source.ts';
import type { OutputStream } from './command-output.ts';
import { type Printout, partsOf } from './printout.ts';
import { bytesFor } from './shown.ts';

const LINE_BREAK = 0x0a;

/** The item, or a text with placeholders for it. */
export type Tag = true | string;

/** What each line of an item's output begins with, as GNU parallel has it. */
export function tagOf(item: unknown, tag: Tag): string {
  const args = Array.isArray(item) ? item.map(textOf) : [textOf(item)];
  return `${tag === true ? args.join(' ') : filled(tag, args)}\t`;
}

/** @throws CommandFailed for a placeholder that is not for the item. */
export function checkTag(tag: string): void {
  const number = /\{[#%]\}/.exec(tag)?.[0];
  if (number === undefined) return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected placeholders for the item in --tagstring, such as {1} or {/.}, got ${number}`,
  );
}

/** What is printed for an item, with its tag before each line. */
export function tagged(printout: Printout, item: unknown, tagAs: Tag): Printout {
  const tag = tagOf(item, tagAs);
  const taggers = { stdout: new LineTagger(tag, 'stdout'), stderr: new LineTagger(tag, 'stderr') };
  return partsOf(printout).map(({ stream, data }) => ({
    stream,
    data: isByteSource(data) ? taggedSource(data, taggers[stream]) : taggers[stream].next(data),
  }));
}

/** It is read once, after what comes before it: whether a line begins is known only then. */
function taggedSource(source: ByteSource, tagger: LineTagger): ByteSource {
  return {
    length: source.length,
    *chunks() {
      for (const chunk of source.chunks()) yield tagger.next(chunk);
    },
  };
}

/** Puts a tag before each line of a stream that comes in pieces. */
export class LineTagger {
  readonly #tag: Uint8Array;
  #isLineStart = true;

  constructor(tag: string, stream: OutputStream) {
    this.#tag = bytesFor(stream === 'stdout' ? STDOUT : STDERR, tag);
  }

  next(data: string | Uint8Array): Uint8Array {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const parts: Uint8Array[] = [];
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(LINE_BREAK, start) + 1 || bytes.length;
      if (this.#isLineStart) parts.push(this.#tag);
      parts.push(bytes.subarray(start, end));
      this.#isLineStart = bytes[end - 1] === LINE_BREAK;
      start = end;
    }
    return Buffer.concat(parts);
  }
}
