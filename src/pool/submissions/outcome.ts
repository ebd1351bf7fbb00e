/** The promise of a group of one task: what a submission to a pool whose journal holds its calls is. */

import { markHandled } from '../../kit/promises.ts';
import type { Ended, ResultSink } from '../results/results.ts';

export class Outcome implements ResultSink {
  readonly promise: Promise<unknown>;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  add({ outcome }: Ended, value: unknown): boolean {
    if (outcome === 'fulfilled') this.#resolve(value);
    else if (outcome === 'rejected') this.#reject(value);
    else this.#cancel(value);
    return true;
  }

  /** It was cancelled before it was a task. */
  fail(reason: unknown): boolean {
    this.#cancel(reason);
    return true;
  }

  finish(): void {}

  /** That nobody awaits the promise is no mistake of anybody then. */
  #cancel(reason: unknown): void {
    markHandled(this.promise);
    this.#reject(reason);
  }
}
