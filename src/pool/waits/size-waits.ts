/** Waits until the number of pending tasks falls below a number, at a cost independent of how many wait. */

import { abortable } from '../../kit/abortable.ts';
import { Heap, type HeapEntry } from '../../kit/heap.ts';
import type { Condition, Conditions } from './conditions.ts';

interface Waiter extends HeapEntry {
  /** It waits until fewer than this many are pending. */
  readonly n: number;
  readonly resolve: () => void;
}

export class SizeWaits implements Condition {
  readonly needsRest = false;
  readonly #conditions: Conditions;
  readonly #numPending: () => number;
  /** The largest number first: until that one is satisfied, no other can be. */
  readonly #waiters = new Heap<Waiter>((one, other) => one.n > other.n);

  constructor(conditions: Conditions, numPending: () => number) {
    this.#conditions = conditions;
    this.#numPending = numPending;
  }

  /**
   * Resolves when fewer than `n` are pending, immediately if they already are. Rejects if the signal aborts first.
   */
  untilBelow(n: number, signal: AbortSignal | undefined): Promise<void> {
    return abortable(signal, (resolve) => {
      if (this.#numPending() < n) {
        resolve();
        return () => {};
      }
      const waiter: Waiter = { n, resolve, place: -1 };
      this.#waiters.push(waiter);
      this.#conditions.watch(this);
      return () => {
        this.#waiters.remove(waiter);
        if (this.#waiters.length === 0) this.#conditions.unwatch(this);
      };
    });
  }

  isMet(): boolean {
    const { first } = this.#waiters;
    return first !== undefined && this.#numPending() < first.n;
  }

  release(): boolean {
    for (let { first } = this.#waiters; first !== undefined; { first } = this.#waiters) {
      if (this.#numPending() >= first.n) return true;
      this.#waiters.remove(first);
      first.resolve();
    }
    return false;
  }
}
