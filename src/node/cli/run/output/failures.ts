/** What items failed with, until it shows whether their tasks were cancelled or failed. */

import { cancelledLine, failedLine } from './messages.ts';
import type { Sink } from './sink.ts';

interface Failure {
  readonly item: unknown;
  readonly error: unknown;
}

export class Failures {
  readonly #sink: Sink;
  readonly #failures = new Map<number, Failure>();

  /** @param sink what items have printed goes there too, so that failures follow it. */
  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** @param id of the task. */
  note(id: number, failure: Failure): void {
    this.#failures.set(id, failure);
  }

  of(id: number): Failure | undefined {
    return this.#failures.get(id);
  }

  /** Tells of a task that has ended without a result, and forgets it. */
  report(id: number, outcome: 'rejected' | 'cancelled', item: unknown): void {
    const failure = this.#failures.get(id);
    this.#failures.delete(id);
    const line =
      outcome === 'cancelled'
        ? cancelledLine(failure?.item ?? item)
        : failedLine(failure?.item, failure?.error);
    this.#sink.write([{ stream: 'stderr', data: line }]);
  }
}
