/** What items failed with, until it shows whether their tasks were cancelled or failed. */

import type { Messages } from './messages.ts';

interface Failure {
  readonly item: unknown;
  readonly error: unknown;
}

export class Failures {
  readonly #messages: Messages;
  readonly #failures = new Map<number, Failure>();

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  /** @param id of the task. */
  note(id: number, failure: Failure): void {
    this.#failures.set(id, failure);
  }

  of(id: number): Failure | undefined {
    return this.#failures.get(id);
  }

  /** Tells of a task that has ended without a result, and forgets it. */
  tell(id: number, outcome: 'rejected' | 'cancelled', item: unknown): void {
    const failure = this.#failures.get(id);
    this.#failures.delete(id);
    if (outcome === 'cancelled') this.#messages.cancelled(failure?.item ?? item);
    else this.#messages.failed(failure?.item, failure?.error);
  }
}
