/** Takes items from batches one by one. */

export class ItemReader {
  readonly #batches: AsyncIterator<readonly unknown[]>;
  #batch: readonly unknown[] = [];
  #place = 0;

  constructor(batches: AsyncIterator<readonly unknown[]>) {
    this.#batches = batches;
  }

  /** Whether {@link take} can return an item without waiting. */
  get hasNext(): boolean {
    return this.#place < this.#batch.length;
  }

  /** Waits for the next item; resolves with false if there is none. Rejects with the errors of reading. */
  async fill(): Promise<boolean> {
    while (!this.hasNext) {
      const { done, value } = await this.#batches.next();
      if (done === true) return false;
      this.#batch = value;
      this.#place = 0;
    }
    return true;
  }

  /** Returns the next item; `hasNext` must be true. */
  take(): unknown {
    return this.#batch[this.#place++];
  }
}
