/** What a command prints during one attempt, byte for byte. */

import { type ByteSource, chunksOf } from './byte-source.ts';
import { SpilledBytes, SpillFile } from './spill-file.ts';

export type OutputStream = 'stdout' | 'stderr';

/** What came at once on one of the streams. */
export interface OutputPiece {
  readonly stream: OutputStream;
  readonly data: Uint8Array | SpilledBytes;
}

/** How many bytes are kept in memory; what follows is kept in a file. */
const IN_MEMORY = 1024 * 1024;

/** Takes the output of a command as it comes, and keeps the order of stdout and stderr. */
export class CommandOutput {
  readonly #pieces: OutputPiece[] = [];
  readonly #lengths = { stdout: 0, stderr: 0 };
  #spill: SpillFile | undefined = undefined;

  /** Bytes on both streams. */
  get length(): number {
    return this.#lengths.stdout + this.#lengths.stderr;
  }

  /** Bytes on one of them. */
  lengthOf(stream: OutputStream): number {
    return this.#lengths[stream];
  }

  /** All of it, in the order in which it came. */
  get pieces(): readonly OutputPiece[] {
    return this.#pieces;
  }

  /** Whether it is too long to be kept in memory. */
  get isSpilled(): boolean {
    return this.#spill !== undefined;
  }

  /** @throws what writing to a file throws, as when the disk is full. */
  take(stream: OutputStream, data: Uint8Array): void {
    if (this.length + data.length > IN_MEMORY) this.#spill ??= new SpillFile();
    if (this.#spill === undefined) this.#pieces.push({ stream, data });
    else this.#takeInto(this.#spill, stream, data);
    this.count(stream, data);
  }

  /** There is no more to come. */
  end(): void {}

  /** Resolves when more can be taken; undefined if it can at once. */
  room(): Promise<void> | undefined {
    return undefined;
  }

  /** The same, where pieces that follow each other on one stream are one. */
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

  /** All of one stream. */
  sourceOf(stream: OutputStream): ByteSource {
    const pieces = this.#pieces.filter((piece) => piece.stream === stream);
    return {
      length: this.#lengths[stream],
      *chunks() {
        for (const { data } of pieces) yield* chunksOf(data);
      },
    };
  }

  /** All of one stream, at once. */
  bytesOf(stream: OutputStream): Buffer {
    return Buffer.concat(Array.from(this.sourceOf(stream).chunks(), (chunk) => Buffer.from(chunk)));
  }

  /** Takes note of what came. */
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
