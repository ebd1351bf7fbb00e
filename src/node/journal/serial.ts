/** One after the other. */

export class Serial {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** Whether nothing runs or waits to. */
  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** Runs a step when all those before it are through, however they ended. */
  run<T>(step: () => Promise<T> | T): Promise<T> {
    this.#pending++;
    const result = this.#last.then(step).finally(() => {
      this.#pending--;
    });
    this.#last = result.catch(() => {});
    return result;
  }
}
