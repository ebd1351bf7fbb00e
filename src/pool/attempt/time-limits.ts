/** The timers of one task with timeouts or a delayed retry. */

import type { Timer } from '../turn/timers.ts';
import type { Turn } from '../turn/turn.ts';

export class TimeLimits {
  readonly #turn: Turn;
  /** Of all attempts together. */
  #deadline: Timer | undefined = undefined;
  /** Of what the task is doing now: waiting for its first start, running, or waiting to be run again. */
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

  /** Sets the limit of what the task is doing from now on, in place of the one before. */
  after(ms: number | undefined, run: () => void): void {
    this.#turn.cancel(this.#current);
    this.#current = ms === undefined ? undefined : this.#turn.after(ms, run);
  }

  /** Nothing is to happen any more. */
  clear(): void {
    this.#turn.cancel(this.#deadline);
    this.#turn.cancel(this.#current);
  }
}
