/** The last failed attempt of each open task, until the task ends or is retried. */

import type { ItemAttempt } from './item-attempt.ts';

export class Failures {
  readonly #attempts = new Map<number, ItemAttempt>();

  /**
   * @param id of the task.
   */
  note(id: number, attempt: ItemAttempt): void {
    this.#attempts.set(id, attempt);
  }

  forget(id: number): void {
    this.#attempts.delete(id);
  }

  /** Removes and returns the last attempt of an ended task. */
  take(id: number): ItemAttempt | undefined {
    const attempt = this.#attempts.get(id);
    this.#attempts.delete(id);
    return attempt;
  }

  /** Removes and returns the attempts of tasks that wait for a retry. */
  takeDelayed(): ItemAttempt[] {
    const delayed = [...this.#attempts].filter(([, { isPrinted }]) => !isPrinted);
    for (const [id] of delayed) this.#attempts.delete(id);
    return delayed.map(([, attempt]) => attempt);
  }
}
