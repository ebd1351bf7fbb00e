/** `--line-buffer`: passes on the output of commands while they run, line by line. */

import { CommandOutput, type OutputStream } from './command-output.ts';
import { formatAt, type ResultFormat } from './result-format.ts';
import type { Sink } from './sink.ts';
import { LineTagger, tagOf } from './tags.ts';

const LINE_BREAK = 0x0a;
/** The maximum number of bytes of a line; a longer one is passed on in parts. */
const LONGEST_LINE = 1024 * 1024;
/** Commands wait while this many bytes wait for the reader. */
const BACKLOG = 1024 * 1024;

/** Creates the object that captures the output of an attempt. */
export type OutputMaker = (item: unknown, index: number) => CommandOutput;

/** Creates outputs that are printed live. */
export class LiveOutputs {
  readonly #sink: Sink;
  readonly #format: ResultFormat;
  readonly #keeps: boolean;
  readonly #waiting = new Set<() => void>();

  /**
   * @param keeps whether outputs are stored as well, for a journal.
   */
  constructor(sink: Sink, format: ResultFormat, keeps: boolean) {
    this.#sink = sink;
    this.#format = format;
    this.#keeps = keeps;
  }

  readonly make: OutputMaker = (item, index) => {
    const { tag: tagAs } = formatAt(this.#format, index);
    const tag = tagAs === undefined ? '' : tagOf(item, tagAs);
    const print = (stream: OutputStream, data: Uint8Array) => this.#sink.write([{ stream, data }]);
    return new LiveOutput(print, () => this.#room(), tag, this.#keeps);
  };

  /** Resumes what waits for room, if the backlog has shrunk enough. */
  resume(): void {
    if (this.#isFull) return;
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  get #isFull(): boolean {
    return this.#sink.backlog >= BACKLOG;
  }

  #room(): Promise<void> | undefined {
    if (!this.#isFull) return undefined;
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }
}

class LiveOutput extends CommandOutput {
  readonly #streams: Record<OutputStream, LiveStream>;
  readonly #roomOf: () => Promise<void> | undefined;
  readonly #keeps: boolean;

  constructor(
    print: (stream: OutputStream, data: Uint8Array) => void,
    roomOf: () => Promise<void> | undefined,
    tag: string,
    keeps: boolean,
  ) {
    super();
    this.#streams = {
      stdout: new LiveStream((data) => print('stdout', data), taggerOf(tag, 'stdout')),
      stderr: new LiveStream((data) => print('stderr', data), taggerOf(tag, 'stderr')),
    };
    this.#roomOf = roomOf;
    this.#keeps = keeps;
  }

  override take(stream: OutputStream, data: Uint8Array): void {
    if (this.#keeps) super.take(stream, data);
    else this.count(stream, data);
    this.#streams[stream].take(data);
  }

  override end(): void {
    this.#streams.stdout.end();
    this.#streams.stderr.end();
  }

  override room(): Promise<void> | undefined {
    return this.#roomOf();
  }
}

function taggerOf(tag: string, stream: OutputStream): LineTagger | undefined {
  return tag === '' ? undefined : new LineTagger(tag, stream);
}

/** One of the two streams: an unfinished line is held back. */
class LiveStream {
  readonly #print: (data: Uint8Array) => void;
  readonly #tagger: LineTagger | undefined;
  #begun: Uint8Array[] = [];
  #length = 0;

  constructor(print: (data: Uint8Array) => void, tagger: LineTagger | undefined) {
    this.#print = print;
    this.#tagger = tagger;
  }

  take(data: Uint8Array): void {
    const end = data.lastIndexOf(LINE_BREAK) + 1;
    if (end > 0) this.#pass(data.subarray(0, end));
    if (end < data.length) this.#begun.push(data.subarray(end));
    this.#length += data.length - end;
    if (this.#length > LONGEST_LINE) this.end();
  }

  /** Passes on an unfinished line. */
  end(): void {
    if (this.#length > 0) this.#pass(new Uint8Array());
  }

  #pass(data: Uint8Array): void {
    const bytes = this.#begun.length === 0 ? data : Buffer.concat([...this.#begun, data]);
    this.#begun = [];
    this.#length = 0;
    this.#print(this.#tagger === undefined ? bytes : this.#tagger.next(bytes));
  }
}
