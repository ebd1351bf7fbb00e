/** Promises that resolve once something about the pool is true. */

import { abortable } from '../../kit/abortable.ts';
import { runSoon } from '../../kit/jobs.ts';

/** Something that is waited for, and all who do: they cost one look. */
interface Condition {
  readonly isMet: () => boolean;
  readonly waiters: Set<() => void>;
  /** Whether it cannot be met while a task is running. */
  readonly needsRest: boolean;
}

/** How many conditions are looked at whenever something changes; more of them once in a microtask. */
const FEW = 4;

export class Conditions {
  readonly #conditions = new Map<string, Condition>();
  /** The same while there are few, else none: they are looked at for each task. */
  #few: readonly Condition[] = [];
  /** Those among them that may be met while tasks run. */
  #fewAtWork: readonly Condition[] = [];
  #scheduled = false;

  /**
   * Resolves when a condition holds; at once if it does now. Rejects if the signal aborts first.
   *
   * @param name tells conditions apart: of one name there is one condition.
   * @param needsRest whether it cannot be met while a task is running.
   */
  until(
    name: string,
    isMet: () => boolean,
    signal?: AbortSignal,
    needsRest = false,
  ): Promise<void> {
    return abortable(signal, (resolve) => {
      const waiter = (): void => resolve();
      if (isMet()) {
        waiter();
        return () => {};
      }
      const { waiters } = this.#conditionOf(name, isMet, needsRest);
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
    if (size === 0 || this.#scheduled || (size <= FEW && !isAnyMet(this.#few))) return;
    this.#schedule();
  }

  /** The same while a task is running. */
  pokeAtWork(): void {
    const few = this.#fewAtWork;
    if (few.length > 0 ? isAnyMet(few) : this.#conditions.size > FEW) this.poke();
  }

  #schedule(): void {
    this.#scheduled = true;
    void runSoon(() => {
      this.#scheduled = false;
      this.#check();
    });
  }

  #conditionOf(name: string, isMet: () => boolean, needsRest: boolean): Condition {
    const present = this.#conditions.get(name);
    if (present !== undefined) return present;
    const condition = { isMet, waiters: new Set<() => void>(), needsRest };
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
    this.#fewAtWork = this.#few.filter(({ needsRest }) => !needsRest);
  }

  #check(): void {
    for (const [name, { isMet, waiters }] of this.#conditions) {
      if (!isMet()) continue;
      this.#remove(name);
      for (const waiter of waiters) waiter();
    }
  }
}

function isAnyMet(conditions: readonly Condition[]): boolean {
  for (const { isMet } of conditions) if (isMet()) return true;
  return false;
}
