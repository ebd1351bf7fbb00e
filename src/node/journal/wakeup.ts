/** Those who wait for something to happen. */

// Not the global ones, which a test may have replaced.
import { clearTimeout, setTimeout } from 'node:timers';

export class Wakeup {
  readonly #waiting = new Set<() => void>();

  wake(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when woken, when the signal is aborted, or after so many milliseconds. */
  wait(signal: AbortSignal | undefined, milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer =
        milliseconds === Number.POSITIVE_INFINITY ? undefined : setTimeout(wake, milliseconds);
      signal?.addEventListener('abort', wake);
      this.#waiting.add(wake);
      if (signal?.aborted === true) wake();
    });
  }
}
