/** Requests for which other work on the history of a pool waits. */

import { nextTurn } from '../../kit/jobs.ts';

export class Urgent {
  #running = 0;
  #waiting: (() => void)[] = [];

  /** Runs an urgent request. */
  async run<T>(request: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await request();
    } finally {
      this.#running--;
      if (this.#running === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  /** Yields a turn of the event loop to other work; resolves once no urgent request is pending. */
  async turn(): Promise<void> {
    await nextTurn();
    while (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
