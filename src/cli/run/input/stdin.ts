/** Stdin, which cannot be opened again: what was read of it can be put back. */

class Stdin {
  readonly #rest: AsyncIterator<Uint8Array>;
  #putBack: Uint8Array[] = [];

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#rest = stream[Symbol.asyncIterator]();
  }

  /** All that is left. Who stops reading leaves the rest to others: the stream stays open. */
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

/** The one reader of a stream. */
export function stdinOf(stream: AsyncIterable<Uint8Array>): Stdin {
  const stdin = known.get(stream) ?? new Stdin(stream);
  known.set(stream, stdin);
  return stdin;
}
