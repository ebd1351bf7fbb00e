/** Promises that resolve once a condition of the pool holds. */

import { abortable } from '../../kit/abortable.ts';
import { runSoon } from '../../kit/jobs.ts';

/** A condition with all its waiters, which cost a single check. A pool has only a few. */
export interface Condition {
  /** Whether it cannot be met while a task is running. */
  readonly needsRest: boolean;
  /** Whether it holds for any waiter. */
  isMet(): boolean;
  /** Resolves the waiters for which it holds. Returns whether others keep waiting. */
  release(): boolean;
}

/** A condition that holds for all its waiters or for none, and for none while a task is running. */
class Named implements Condition {
  readonly name: string;
  readonly isMet: () => boolean;
  readonly needsRest = true;
  readonly waiters = new Set<() => void>();

  constructor(name: string, isMet: () => boolean) {
    this.name = name;
    this.isMet = isMet;
  }

  release(): boolean {
    for (const waiter of this.waiters) waiter();
    return false;
  }
}

export class Conditions {
  readonly #conditions = new Set<Condition>();
  readonly #named = new Map<string, Named>();
  /** The same as a list, since it is checked for each task. */
  #all: readonly Condition[] = [];
  /** Those that may be met while tasks run. */
  #running: readonly Condition[] = [];
  #scheduled = false;

  /**
   * Resolves when a condition holds, immediately if it already does. Rejects if the signal aborts first.
   *
   * @param name identifies the condition: calls with the same name share it.
   * @param isMet false while a task is running, unless {@link notify} is called when it becomes true.
   */
  until(name: string, isMet: () => boolean, signal?: AbortSignal): Promise<void> {
    return abortable(signal, (resolve) => {
      const waiter = (): void => resolve();
      if (isMet()) {
        waiter();
        return () => {};
      }
      const condition = this.#named.get(name) ?? new Named(name, isMet);
      this.#named.set(name, condition);
      this.watch(condition);
      condition.waiters.add(waiter);
      return () => {
        condition.waiters.delete(waiter);
        if (condition.waiters.size === 0) this.unwatch(condition);
      };
    });
  }

  /** Checks a condition whenever something changes, until it has no more waiters. */
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
   * Something changed: resolves the waiters whose conditions hold, in one microtask however often it is called.
   * Conditions are checked before scheduling it, since a microtask costs as much as half a task.
   */
  notify(): void {
    if (this.#all.length > 0) this.#look(this.#all);
  }

  /** The same while a task is running. */
  notifyRunning(): void {
    if (this.#running.length > 0) this.#look(this.#running);
  }

  #look(conditions: readonly Condition[]): void {
    if (this.#scheduled || !conditions.some(isMet)) return;
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

// Not a closure where it is used, since that is for each task.
function isMet(condition: Condition): boolean {
  return condition.isMet();
}
