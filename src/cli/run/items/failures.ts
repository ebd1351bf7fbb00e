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

  /** Those of tasks that wait to be tried again. */
  takeDelayed(): ItemAttempt[] {
    const delayed = [...this.#attempts].filter(([, { isPrinted }]) => !isPrinted);
    for (const [id] of delayed) this.#attempts.delete(id);
    return delayed.map(([, attempt]) => attempt);
  }
}
