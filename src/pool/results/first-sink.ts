/** The first value of a group; the others are ignored. */

import { Requested } from './requested.ts';
import type { Asked, Ended, ResultSink } from './results.ts';

/** How many errors are kept in case no task has a value. */
const KEPT = 1_000;

export class FirstSink<R> extends Requested<R> implements ResultSink, Asked<R> {
  /** Called with the first value, to cancel the other tasks. */
  readonly #onValue: () => void;
  readonly #name: string;
  #errors: unknown[] = [];
  #numErrors = 0;

  constructor(name: string, onValue: () => void) {
    super();
    this.#name = name;
    this.#onValue = onValue;
  }

  /** The first value cancels the other tasks. */
  get decides(): boolean {
    return true;
  }

  /** A failure counts as delivered: it is part of the error if there is no value, and irrelevant if there is one. */
  add({ outcome }: Ended, value: unknown): boolean {
    if (outcome !== 'fulfilled') return this.fail(value);
    if (this.isSettled) return false;
    this.resolve(value as R);
    this.#errors = [];
    this.#onValue();
    return true;
  }

  fail(error: unknown): boolean {
    if (this.isSettled) return false;
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
    if (!this.isSettled) this.reject(this.#error());
  }

  #error(): unknown {
    const errors = this.#errors;
    if (errors.length === 1) return errors[0];
    const failures = errors.length === 0 ? 'no tasks' : `${this.#numErrors} failures`;
    return new AggregateError(errors, `expected a value of '${this.#name}', got ${failures}`);
  }
}
