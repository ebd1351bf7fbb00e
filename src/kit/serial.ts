/** Runs asynchronous functions one after the other. */

export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a step after all earlier ones have settled. */
  run<T>(step: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => {});
    return result;
  }
}
