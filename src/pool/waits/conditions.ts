/** Promises that resolve once a condition of the pool holds. */

import { abortable } from '../../kit/abortable.ts';
import { runSoon } from '../../kit/jobs.ts';

/** Something that is waited for, and all who do: they cost one look. There are a handful of a pool. */
export interface Condition {
  /** Whether it cannot be met while a task is running. */
  readonly needsRest: boolean;
  /** Whether it holds for anyone who waits. */
  isMet(): boolean;
  /** Resolves the promises of those for whom it holds; says whether others wait on. */
  release(): boolean;
}

/** One that holds for all who wait for it, or for none. */
class Named implements Condition {
  readonly name: string;
  readonly isMet: () => boolean;
  readonly needsRest: boolean;
  readonly waiters = new Set<() => void>();

  constructor(name: string, isMet: () => boolean, needsRest: boolean) {
    this.name = name;
    this.isMet = isMet;
    this.needsRest = needsRest;
  }

  release(): boolean {
    for (const waiter of this.waiters) waiter();
    return false;
  }
}

export class Conditions {
  readonly #conditions = new Set<Condition>();
  readonly #named = new Map<string, Named>();
  /** The same, as lists: they are looked at for each task. */
  #all: readonly Condition[] = [];
  /** Those that may be met while tasks run. */
  #running: readonly Condition[] = [];
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
      const condition = this.#named.get(name) ?? new Named(name, isMet, needsRest);
      this.#named.set(name, condition);
      this.watch(condition);
      condition.waiters.add(waiter);
      return () => {
        condition.waiters.delete(waiter);
        if (condition.waiters.size === 0) this.unwatch(condition);
      };
    });
  }

  /** Looks at a condition whenever something changes, until no one waits for it any more. */
  watch(condition: Condition): void {
    if (this.#conditions.has(condition)) return;
    this.#conditions.add(condition);
    this.#list();
  }

  unwatch(condition: Condition): void {
    if (!this.#conditions.delete(condition)) return;
    if (condition instanceof Named) this.#named.delete(condition.name);
    this.#list();
  }

  /**
   * Something changed: releases those who waited for it in a microtask, one however often it is called.
   * It is seen first whether that is worth a microtask, which costs as much as half a task.
   */
  poke(): void {
    if (this.#all.length > 0) this.#look(this.#all);
  }

  /** The same while a task is running. */
  pokeAtWork(): void {
    if (this.#running.length > 0) this.#look(this.#running);
  }

  #look(conditions: readonly Condition[]): void {
    if (this.#scheduled || !conditions.some((condition) => condition.isMet())) return;
    this.#scheduled = true;
    void runSoon(() => {
      this.#scheduled = false;
      this.#check();
    });
  }

  #check(): void {
    for (const condition of this.#all) {
      if (condition.isMet() && !condition.release()) this.unwatch(condition);
    }
  }

  #list(): void {
    this.#all = [...this.#conditions];
    this.#running = this.#all.filter(({ needsRest }) => !needsRest);
  }
}
