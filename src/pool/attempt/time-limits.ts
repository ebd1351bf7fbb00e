/** The timers of one task with timeouts or a delayed retry. */

import type { Timer } from '../turn/timers.ts';
import type { Turn } from '../turn/turn.ts';

export class TimeLimits {
  readonly #turn: Turn;
  /** The limit of all attempts together. */
  #deadline: Timer | undefined = undefined;
  /** The limit of what the task is doing: waiting for its first start, running, or waiting for the next attempt. */
  #current: Timer | undefined = undefined;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** Milliseconds until the deadline; `Infinity` without one. */
  get left(): number {
    return this.#deadline === undefined
      ? Number.POSITIVE_INFINITY
      : this.#deadline.due - this.#turn.elapsed;
  }

  /** Sets the deadline. */
  endAfter(ms: number, run: () => void): void {
    this.#deadline = this.#turn.after(ms, run);
  }

  /** Sets the limit of what the task is doing from now on, and cancels the previous one. */
  after(ms: number | undefined, run: () => void): void {
    this.#turn.cancel(this.#current);
    this.#current = ms === undefined ? undefined : this.#turn.after(ms, run);
  }

  /** Cancels all timers. */
  clear(): void {
    this.#turn.cancel(this.#deadline);
    this.#turn.cancel(this.#current);
  }
}
