/** The timers of a pool: one heap, with a single platform timer armed. */

import { LONGEST_TIMEOUT } from '../../kit/later.ts';
import { type LineEntry, OrderedLine } from '../../kit/ordered-line.ts';
import type { Clock } from './clock.ts';

/** A function to be called at a time. */
export interface Timer extends LineEntry<Timer> {
  /** When, by the monotonic clock. */
  readonly due: number;
  readonly run: () => void;
}

export class Timers {
  readonly #clock: Required<Clock>;
  /** Most timers of a pool have the same length, and appending the latest one takes constant time. */
  readonly #pending = new OrderedLine<Timer>();
  /** The due time of the armed platform timer, and its id. */
  #armed: { readonly due: number; readonly id: unknown } | undefined = undefined;
  #isHeld = false;

  constructor(clock: Required<Clock>) {
    this.#clock = clock;
  }

  /** Runs a function once, after this many milliseconds, unless the timer is cancelled before. */
  after(ms: number, run: () => void): Timer {
    const due = this.#clock.monotonic() + ms;
    const timer = {
      due,
      run,
      score: -due,
      arrival: 0,
      place: -1,
      previous: undefined,
      next: undefined,
    };
    this.#pending.push(timer);
    this.#arm();
    return timer;
  }

  /** Runs none until {@link release}, which runs what is due by then. */
  hold(): void {
    this.#isHeld = true;
    this.#arm();
  }

  release(): void {
    this.#isHeld = false;
    this.#fire();
  }

  /** Does nothing if the timer has fired. */
  cancel(timer: Timer): void {
    this.#pending.remove(timer);
    this.#arm();
  }

  /**
   * Arms the platform's timer for the first timer that is due; disarms it if there is none. A platform timer that is
   * armed too early is left alone and armed again when it fires: most time limits are never reached, and otherwise
   * each task that ends would arm it again.
   */
  #arm(): void {
    const due = this.#isHeld ? undefined : this.#pending.first?.due;
    if (this.#armed !== undefined) {
      if (due !== undefined && this.#armed.due <= due) return;
      this.#clock.clearTimeout(this.#armed.id);
      this.#armed = undefined;
    }
    if (due === undefined) return;
    const ms = Math.min(Math.max(0, Math.ceil(due - this.#clock.monotonic())), LONGEST_TIMEOUT);
    this.#armed = { due, id: this.#clock.setTimeout(() => this.#fire(), ms) };
  }

  #fire(): void {
    this.#armed = undefined;
    const now = this.#clock.monotonic();
    for (let next = this.#pending.first; next !== undefined && next.due <= now; ) {
      this.#pending.remove(next);
      next.run();
      next = this.#pending.first;
    }
    this.#arm();
  }
}
