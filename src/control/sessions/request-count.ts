/** Limits the number of concurrent requests in all sessions that share the counter. */

import { LimitExceeded } from '../errors.ts';

/** Counts the concurrent requests of several sessions, up to a limit. */
export class RequestCount {
  readonly #limit: number;
  #running = 0;

  /**
   * @param limit the maximum number of concurrent requests. Default: `Infinity`.
   */
  constructor(limit: number = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /**
   * @throws LimitExceeded if the limit is reached.
   */
  enter(): void {
    if (this.#running >= this.#limit) {
      throw new LimitExceeded(
        `expected at most ${this.#limit} requests of all clients at once, got one more`,
      );
    }
    this.#running++;
  }

  /** A request has ended. */
  leave(): void {
    this.#running--;
  }
}
