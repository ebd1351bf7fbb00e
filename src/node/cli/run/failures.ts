/** What items failed with, until their tasks end or are tried again. */

import type { ItemAttempt } from './item-attempt.ts';

export class Failures {
  readonly #attempts = new Map<number, ItemAttempt>();

  /** @param id of the task. */
  note(id: number, attempt: ItemAttempt): void {
    this.#attempts.set(id, attempt);
  }

  forget(id: number): void {
    this.#attempts.delete(id);
  }

  /** The last attempt of a task that has ended. */
  take(id: number): ItemAttempt | undefined {
    const attempt = this.#attempts.get(id);
    this.#attempts.delete(id);
    return attempt;
  }

  /** Those of tasks that have not ended: they wait to be tried again. */
  takeAll(): ItemAttempt[] {
    const attempts = [...this.#attempts.values()];
    this.#attempts.clear();
    return attempts;
  }
}
