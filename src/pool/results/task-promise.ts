/** The promise that `task.result()` returns. */

import type { Ended } from './results.ts';

export class TaskPromise {
  readonly promise: Promise<unknown>;
  #resolve!: (value: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    // The caller may not be listening yet; a failure must not become an unhandled rejection.
    this.promise.catch(() => {});
  }

  /** Takes what the task returned, threw, or was cancelled with. */
  settle({ outcome }: Ended, value: unknown): void {
    this.#resolve(outcome === 'fulfilled' ? value : Promise.reject(value));
  }
}
