/** Promises that resolve once something about the pool is true. */

import { runSoon } from '../../kit/jobs.ts';
import { onAbort } from '../on-abort.ts';

interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
}

/** So many conditions are looked at whenever something changes; more of them once in a microtask. */
const FEW = 4;

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

  /**
   * Something changed: looks at the conditions, once in a microtask however often it is called. Where
   * few wait, it is seen first whether that is worth a microtask, which costs as much as half a task.
   */
  poke(): void {
    const { size } = this.#waiters;
    if (size === 0 || this.#scheduled || (size <= FEW && !this.#isAnyMet())) return;
    this.#scheduled = true;
    void runSoon(() => {
      this.#scheduled = false;
      this.#check();
    });
  }

  #isAnyMet(): boolean {
    for (const { isMet } of this.#waiters) if (isMet()) return true;
    return false;
  }

  #check(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isMet()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
