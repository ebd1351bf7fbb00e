/** Promises that resolve once something about the pool is true. */

import { abortable } from '../../kit/abortable.ts';
import { runSoon } from '../../kit/jobs.ts';

/** Something that is waited for, and all who do: they cost one look. */
interface Condition {
  readonly isMet: () => boolean;
  readonly waiters: Set<() => void>;
}

/** How many conditions are looked at whenever something changes; more of them once in a microtask. */
const FEW = 4;

export class Conditions {
  readonly #conditions = new Map<string, Condition>();
  /** The same while there are few, else none: they are looked at for each task. */
  #few: readonly Condition[] = [];
  #scheduled = false;

  /**
   * Resolves when a condition holds; at once if it does now. Rejects if the signal aborts first.
   *
   * @param name tells conditions apart: of one name there is one condition.
   */
  until(name: string, isMet: () => boolean, signal?: AbortSignal): Promise<void> {
    return abortable(signal, (resolve) => {
      const waiter = (): void => resolve();
      if (isMet()) {
        waiter();
        return () => {};
      }
      const { waiters } = this.#conditionOf(name, isMet);
      waiters.add(waiter);
      return () => {
        waiters.delete(waiter);
        if (waiters.size === 0) this.#remove(name);
      };
    });
  }

  /**
   * Something changed: looks at the conditions, once in a microtask however often it is called. Where
   * there are few, it is seen first whether that is worth a microtask, which costs as much as half a
   * task.
   */
  poke(): void {
    const { size } = this.#conditions;
    if (size === 0 || this.#scheduled || (size <= FEW && !this.#isAnyMet())) return;
    this.#scheduled = true;
    void runSoon(() => {
      this.#scheduled = false;
      this.#check();
    });
  }

  #conditionOf(name: string, isMet: () => boolean): Condition {
    const present = this.#conditions.get(name);
    if (present !== undefined) return present;
    const condition = { isMet, waiters: new Set<() => void>() };
    this.#conditions.set(name, condition);
    this.#listFew();
    return condition;
  }

  #remove(name: string): void {
    this.#conditions.delete(name);
    this.#listFew();
  }

  #listFew(): void {
    this.#few = this.#conditions.size <= FEW ? [...this.#conditions.values()] : [];
  }

  #isAnyMet(): boolean {
    for (const { isMet } of this.#few) if (isMet()) return true;
    return false;
  }

  #check(): void {
    for (const [name, { isMet, waiters }] of this.#conditions) {
      if (!isMet()) continue;
      this.#remove(name);
      for (const waiter of waiters) waiter();
    }
  }
}
