/** The first value of a group; the others are ignored. */

import type { Asked, Ended, ResultSink } from './results.ts';

/** How many errors are kept in case no task has a value. */
const KEPT = 1_000;

export class FirstSink<R> implements ResultSink, Asked<R> {
  readonly promise: Promise<R>;
  /** Called with the first value, to cancel the other tasks. */
  readonly #onValue: () => void;
  readonly #name: string;
  #errors: unknown[] = [];
  #numErrors = 0;
  #settle: { resolve(value: R): void; reject(error: unknown): void } | undefined;

  constructor(name: string, onValue: () => void) {
    this.#name = name;
    this.#onValue = onValue;
    this.promise = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.promise.catch(() => {});
  }

  /** The first value cancels the other tasks. */
  get decides(): boolean {
    return true;
  }

  /** A failure counts as delivered: it is part of the error if there is no value, and irrelevant if there is one. */
  add({ outcome }: Ended, value: unknown): boolean {
    if (this.#settle === undefined) return false;
    if (outcome !== 'fulfilled') return this.fail(value);
    this.#settle.resolve(value as R);
    this.#end();
    this.#onValue();
    return true;
  }

  fail(error: unknown): boolean {
    if (this.#settle === undefined) return false;
    this.#numErrors++;
    // The reason of a cancelled group is reported again for each of its tasks.
    if (this.#errors.length < KEPT && !this.#errors.includes(error)) this.#errors.push(error);
    return true;
  }

  /** All callers get the same value. */
  again(): Promise<R> {
    return this.promise;
  }

  finish(): void {
    this.#settle?.reject(this.#error());
    this.#end();
  }

  #error(): unknown {
    const errors = this.#errors;
    if (errors.length === 1) return errors[0];
    const failures = errors.length === 0 ? 'no tasks' : `${this.#numErrors} failures`;
    return new AggregateError(errors, `expected a value of '${this.#name}', got ${failures}`);
  }

  #end(): void {
    this.#settle = undefined;
    this.#errors = [];
  }
}
