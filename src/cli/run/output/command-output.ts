/** Captures the output of a command during one attempt, byte for byte. */

import { type ByteSource, chunksOf } from './byte-source.ts';
import { SpilledBytes, SpillFile } from './spill-file.ts';

export type OutputStream = 'stdout' | 'stderr';

/** A piece of output of one of the streams. */
export interface OutputPiece {
  readonly stream: OutputStream;
  readonly data: Uint8Array | SpilledBytes;
}

/** The number of bytes kept in memory; the rest is written to a file. */
const IN_MEMORY = 1024 * 1024;

/** Collects output and keeps the order of stdout and stderr. */
export class CommandOutput {
  readonly #pieces: OutputPiece[] = [];
  readonly #lengths = { stdout: 0, stderr: 0 };
  #spill: SpillFile | undefined = undefined;

  /** The number of bytes of both streams. */
  get length(): number {
    return this.#lengths.stdout + this.#lengths.stderr;
  }

  /** The number of bytes of one stream. */
  lengthOf(stream: OutputStream): number {
    return this.#lengths[stream];
  }

  /** All pieces in order. */
  get pieces(): readonly OutputPiece[] {
    return this.#pieces;
  }

  /** Whether it was too long to be kept in memory. */
  get isSpilled(): boolean {
    return this.#spill !== undefined;
  }

  /**
   * @throws the errors of writing to a file, for instance if the disk is full.
   */
  take(stream: OutputStream, data: Uint8Array): void {
    if (this.length + data.length > IN_MEMORY) this.#spill ??= new SpillFile();
    if (this.#spill === undefined) this.#pieces.push({ stream, data });
    else this.#takeInto(this.#spill, stream, data);
    this.count(stream, data);
  }

  /** Called when there is no more output. */
  end(): void {}

  /** Resolves when more output can be taken; undefined if it can be taken immediately. */
  room(): Promise<void> | undefined {
    return undefined;
  }

  /** All pieces in order, with consecutive ones of the same stream merged. */
  stretches(): { readonly stream: OutputStream; readonly data: Uint8Array }[] {
    const stretches: { readonly stream: OutputStream; readonly parts: Uint8Array[] }[] = [];
    for (const { stream, data } of this.#pieces) {
      const last = stretches.at(-1);
      const parts = last?.stream === stream ? last.parts : [];
      if (last?.stream !== stream) stretches.push({ stream, parts });
      for (const chunk of chunksOf(data)) parts.push(Buffer.from(chunk));
    }
    return stretches.map(({ stream, parts }) => ({ stream, data: Buffer.concat(parts) }));
  }

  /** The bytes of one stream as a source. */
  sourceOf(stream: OutputStream): ByteSource {
    const pieces = this.#pieces.filter((piece) => piece.stream === stream);
    return {
      length: this.#lengths[stream],
      *chunks() {
        for (const { data } of pieces) yield* chunksOf(data);
      },
    };
  }

  /** The bytes of one stream in memory. */
  bytesOf(stream: OutputStream): Buffer {
    return Buffer.concat(Array.from(this.sourceOf(stream).chunks(), (chunk) => Buffer.from(chunk)));
  }

  /** Adds to the byte counts. */
  protected count(stream: OutputStream, data: Uint8Array): void {
    this.#lengths[stream] += data.length;
  }

  #takeInto(file: SpillFile, stream: OutputStream, data: Uint8Array): void {
    const last = this.#pieces.at(-1);
    const isExtended =
      last?.stream === stream && last.data instanceof SpilledBytes && last.data.extend(data);
    if (!isExtended) this.#pieces.push({ stream, data: new SpilledBytes(file, data) });
  }
}
