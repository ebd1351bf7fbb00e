/** `--tag` and `--tagstring`: prefixes each line of output with its item. */

import { STDERR, STDOUT } from '../../descriptors.ts';
import { CommandFailed, ExitCode } from '../../exit.ts';
import { filled } from '../exec/placeholders.ts';
import { textOf } from '../work/work.ts';
import { type ByteSource, isByteSource } from './byte-source.ts';
import type { OutputStream } from './command-output.ts';
import { type Printout, partsOf } from './printout.ts';
import { bytesFor } from './shown.ts';

const LINE_BREAK = 0x0a;

/** True for the item itself, or a template with placeholders. */
export type Tag = true | string;

/** The prefix of each line of an item, as in GNU parallel. */
export function tagOf(item: unknown, tag: Tag): string {
  const args = Array.isArray(item) ? item.map(textOf) : [textOf(item)];
  return `${tag === true ? args.join(' ') : filled(tag, args)}\t`;
}

/** A tag in which `{#}` is replaced by the position of the item at an index, from 1. */
export function tagAt(tag: Tag, index: number): Tag {
  return tag === true ? tag : tag.replaceAll('{#}', String(index + 1));
}

/**
 * @throws CommandFailed for the slot, which is unknown where an item is printed again.
 */
export function checkTag(tag: string): void {
  if (!tag.includes('{%}')) return;
  throw new CommandFailed(
    ExitCode.usage,
    'expected placeholders for the item in --tagstring, such as {1}, {/.} or {#}, got {%}',
  );
}

/** Prefixes each line of a printout. */
export function tagged(printout: Printout, item: unknown, tagAs: Tag): Printout {
  const tag = tagOf(item, tagAs);
  const taggers = { stdout: new LineTagger(tag, 'stdout'), stderr: new LineTagger(tag, 'stderr') };
  return partsOf(printout).map(({ stream, data }) => ({
    stream,
    data: isByteSource(data) ? taggedSource(data, taggers[stream]) : taggers[stream].next(data),
  }));
}

/** Evaluated lazily, after the preceding data, since only then it is known whether a line begins. */
function taggedSource(source: ByteSource, tagger: LineTagger): ByteSource {
  return {
    length: source.length,
    *chunks() {
      for (const chunk of source.chunks()) yield tagger.next(chunk);
    },
  };
}

/** Prefixes each line of a stream that comes in pieces. */
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
