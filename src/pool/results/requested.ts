/** The promise of a requested result. */

import { markHandled } from '../../kit/promises.ts';

/** One for each call whose result is awaited, so it is kept small: no private methods, and no flag. */
export class Requested<T> {
  readonly promise: Promise<T>;
  /** Undefined once it is settled. */
  #resolve: ((value: T | Promise<never>) => void) | undefined;

  constructor() {
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isSettled(): boolean {
    return this.#resolve === undefined;
  }

  /** Does nothing if it is settled. */
  resolve(value: T): void {
    this.#resolve?.(value);
    this.#resolve = undefined;
  }

  /** Does nothing if it is settled; returns whether it was not. */
  reject(error: unknown): boolean {
    if (this.#resolve === undefined) return false;
    this.#resolve(Promise.reject(error));
    this.#resolve = undefined;
    // The caller may not be listening yet; that must not become an unhandled rejection.
    markHandled(this.promise);
    return true;
  }
}
