/** A condition variable: wait for the next notification. */

import { onAbort } from './on-abort.ts';

export class WakeUp {
  readonly #waiting = new Set<() => void>();

  /** Resolves all current waits. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  /** Resolves at the next {@link wake}, or when the signal is aborted. */
  wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        stopListening?.();
        this.#waiting.delete(finish);
        resolve();
      };
      const stopListening = signal && onAbort(signal, finish);
      this.#waiting.add(finish);
    });
  }
}
