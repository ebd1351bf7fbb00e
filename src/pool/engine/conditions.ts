/** Promises that resolve once something about the pool is true. */

import { onAbort } from '../on-abort.ts';

interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
}

export class Conditions {
  readonly #waiters = new Set<Waiter>();
  #scheduled = false;

  /** Resolves when the condition holds; at once if it does now. Rejects if the signal aborts first. */
  until(isMet: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (isMet()) return resolve();
      const giveUp = (): void => {
        this.#waiters.delete(waiter);
        reject(signal?.reason);
      };
      const stopListening = signal && onAbort(signal, giveUp);
      const waiter = {
        isMet,
        resolve: () => {
          stopListening?.();
          resolve();
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** Something changed: looks at the conditions, once in a microtask however often it is called. */
  poke(): void {
    if (this.#waiters.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#check();
    });
  }

  #check(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isMet()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
