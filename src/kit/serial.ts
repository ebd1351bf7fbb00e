/** Runs asynchronous functions one after the other. */

export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a step when all those before it are through, however they ended. */
  run<T>(step: () => Promise<T> | T): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => {});
    return result;
  }
}
