/** `for await` over a group: one value after the other, each released as it is taken. */

import { type Arriving, DONE, type Iterated } from './arriving.ts';

/** Not an async generator, whose `return()` would wait for a pending `next()`. */
export class GroupIterator<R> implements AsyncGenerator<R, void, undefined> {
  readonly #group: Iterated;
  readonly #make: () => Arriving<R>;
  #arrivals: Arriving<R> | undefined = undefined;
  #isOver = false;

  /** @param make creates the sink that receives the results. */
  constructor(group: Iterated, make: () => Arriving<R>) {
    this.#group = group;
    this.#make = make;
  }

  /** Requests the next value. May be called again while earlier calls are pending. */
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

  /** Leaves immediately: stops the source and ends every pending `next()`. */
  async return(value?: void | PromiseLike<void>): Promise<IteratorResult<R, void>> {
    this.#leave();
    return { done: true, value: await value };
  }

  /** Like {@link return}, but rejects with the error. */
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
