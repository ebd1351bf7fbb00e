/** A clock that a test advances, with timers that run when they are due. */

import type { Clock } from 'xstate-taskpool';
import { turn } from './pools.ts';

interface Timer {
  readonly due: number;
  readonly fn: () => void;
}

export class Time implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();
  now = () => this.#now;
  clearTimeout = (timer: unknown) => void this.#timers.delete(timer as Timer);

  setTimeout = (fn: () => void, ms: number): Timer => {
    const timer = { due: this.#now + ms, fn };
    this.#timers.add(timer);
    return timer;
  };

  get numTimers(): number {
    return this.#timers.size;
  }

  /** Resolves after a number of milliseconds. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.setTimeout(resolve, ms));
  }

  /** Runs the next timer, if there is one, and everything that follows from it. */
  async next(until = Number.POSITIVE_INFINITY): Promise<boolean> {
    const [first] = [...this.#timers].sort((a, b) => a.due - b.due);
    if (first === undefined || first.due > until) return false;
    this.#timers.delete(first);
    this.#now = first.due;
    first.fn();
    await turn();
    return true;
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await turn();
    while (await this.next(end));
    this.#now = end;
    await turn();
  }
}
