/** Takes items out of an input one by one. */

export class ItemReader {
  readonly #batches: AsyncIterator<readonly unknown[]>;
  #batch: readonly unknown[] = [];
  #place = 0;

  constructor(batches: AsyncIterator<readonly unknown[]>) {
    this.#batches = batches;
  }

  /** Whether {@link take} can give one without waiting. */
  get hasNext(): boolean {
    return this.#place < this.#batch.length;
  }

  /** Waits for the next item; false if there is none. Throws what reading throws. */
  async fill(): Promise<boolean> {
    while (!this.hasNext) {
      const { done, value } = await this.#batches.next();
      if (done === true) return false;
      this.#batch = value;
      this.#place = 0;
    }
    return true;
  }

  /** The next item, which must be there. */
  take(): unknown {
    return this.#batch[this.#place++];
  }
}
