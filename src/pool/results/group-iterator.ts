/** `for await` over a group: one value after the other, each released as it is taken. */

import { type Arriving, DONE, type Iterated } from './arriving.ts';

/** Written by hand: `return()` of an async generator waits for a `next()` that is pending. */
export class GroupIterator<R> implements AsyncGenerator<R, void, undefined> {
  readonly #group: Iterated;
  readonly #make: () => Arriving<R>;
  #arrivals: Arriving<R> | undefined = undefined;
  #isOver = false;

  /** @param make makes what takes the results as they come. */
  constructor(group: Iterated, make: () => Arriving<R>) {
    this.#group = group;
    this.#make = make;
  }

  /** Asks for the next value. May be called again before the last one has come. */
  next(): Promise<IteratorResult<R, void>> {
    if (this.#isOver) return Promise.resolve(DONE);
    try {
      this.#group.check();
      this.#arrivals ??= this.#begin();
    } catch (error) {
      this.#isOver = true;
      return Promise.reject(error);
    }
    return this.#arrivals.take();
  }

  /** Leaves at once: stops the source, and every pending `next()` is done. */
  async return(value?: void | PromiseLike<void>): Promise<IteratorResult<R, void>> {
    this.#leave();
    return { done: true, value: await value };
  }

  /** As {@link return}, and rejects with the error. */
  async throw(error: unknown): Promise<never> {
    this.#leave();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  #begin(): Arriving<R> {
    const arrivals = this.#make();
    this.#group.begin(arrivals);
    return arrivals;
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#arrivals === undefined) this.#group.stop();
    else this.#arrivals.leave();
  }
}
