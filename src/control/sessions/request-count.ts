/** How many requests run at once, in all sessions that share a count. */

import { LimitExceeded } from '../errors.ts';

export class RequestCount {
  readonly #limit: number;
  #running = 0;

  /** @param limit how many may run at once. Default: `Infinity`. */
  constructor(limit: number = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** @throws LimitExceeded if one more would be too many. */
  enter(): void {
    if (this.#running >= this.#limit) {
      throw new LimitExceeded(
        `expected at most ${this.#limit} requests of all clients at once, got one more`,
      );
    }
    this.#running++;
  }

  leave(): void {
    this.#running--;
  }
}
