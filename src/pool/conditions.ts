/** Promises that resolve once something about the pool is true. */

interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
}

export class Conditions {
  #waiters: Waiter[] = [];
  #scheduled = false;

  /** Resolves when the condition holds; at once if it does now. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ isMet, resolve });
    });
  }

  /** Something changed: looks at the conditions, once in a microtask however often it is called. */
  poke(): void {
    if (this.#waiters.length === 0 || this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#check();
    });
  }

  #check(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (waiter.isMet()) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }
}
