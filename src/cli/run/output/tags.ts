/** `--tag`: which item a line of output is of. */

import { bytesOfText } from '../byte-text.ts';
import { textOf } from '../work.ts';
import { type ByteSource, isByteSource } from './byte-source.ts';
import { type Printout, partsOf } from './printout.ts';

const LINE_BREAK = 0x0a;

/** What each line of an item's output begins with, as GNU parallel has it. */
export function tagOf(item: unknown): string {
  const text = Array.isArray(item) ? item.map(textOf).join(' ') : textOf(item);
  return `${text}\t`;
}

/** What is printed for an item, with its tag before each line. */
export function tagged(printout: Printout, item: unknown): Printout {
  const tag = tagOf(item);
  const taggers = { stdout: new LineTagger(tag), stderr: new LineTagger(tag) };
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

  constructor(tag: string) {
    this.#tag = bytesOfText(tag);
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
