/** What a command prints during one attempt, byte for byte. */

export type OutputStream = 'stdout' | 'stderr';

/** What came at once on one of the streams. */
export interface OutputPiece {
  readonly stream: OutputStream;
  readonly data: Uint8Array;
}

/** Takes the output of a command as it comes, and keeps the order of stdout and stderr. */
export class CommandOutput {
  readonly #pieces: OutputPiece[] = [];
  readonly #lengths = { stdout: 0, stderr: 0 };

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

  take(stream: OutputStream, data: Uint8Array): void {
    this.#pieces.push({ stream, data });
    this.count(stream, data);
  }

  /** There is no more to come. */
  end(): void {}

  /** Resolves when more can be taken; undefined if it can at once. */
  room(): Promise<void> | undefined {
    return undefined;
  }

  /** Takes note of what came. */
  protected count(stream: OutputStream, data: Uint8Array): void {
    this.#lengths[stream] += data.length;
  }

  /** The same, where pieces that follow each other on one stream are one. */
  stretches(): OutputPiece[] {
    const stretches: { readonly stream: OutputStream; readonly parts: Uint8Array[] }[] = [];
    for (const { stream, data } of this.#pieces) {
      const last = stretches.at(-1);
      if (last?.stream === stream) last.parts.push(data);
      else stretches.push({ stream, parts: [data] });
    }
    return stretches.map(({ stream, parts }) => ({ stream, data: Buffer.concat(parts) }));
  }

  /** All of one stream. */
  bytesOf(stream: OutputStream): Buffer {
    return Buffer.concat(
      this.#pieces.filter((piece) => piece.stream === stream).map(({ data }) => data),
    );
  }
}
