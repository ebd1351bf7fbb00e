/** Stdin with put-back, since it cannot be opened again. */

class Stdin {
  readonly #rest: AsyncIterator<Uint8Array>;
  #putBack: Uint8Array[] = [];

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#rest = stream[Symbol.asyncIterator]();
  }

  /** The remaining chunks. When a reader stops early, the stream stays open and the next reader continues. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const again = this.#putBack.shift();
      if (again !== undefined) {
        yield again;
        continue;
      }
      const { done, value } = await this.#rest.next();
      if (done === true) return;
      yield value;
    }
  }

  putBack(chunks: readonly Uint8Array[]): void {
    this.#putBack = [...chunks, ...this.#putBack];
  }
}

const known = new WeakMap<object, Stdin>();

/** The shared reader of a stream. */
export function stdinOf(stream: AsyncIterable<Uint8Array>): Stdin {
  const stdin = known.get(stream) ?? new Stdin(stream);
  known.set(stream, stdin);
  return stdin;
}
