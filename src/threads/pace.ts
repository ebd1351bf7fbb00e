/** How many calls a thread is sent at once. */

/** Milliseconds: functions that take longer are not worth being sent ahead. */
const SHORT = 0.5;
const MOST = 16;
/** Milliseconds without a result after which calls behind the running one are taken back. */
const STALLED = 2;

/**
 * One call at a time, as a rule. While functions are so short that waking the thread for each would take
 * longer than they do, others are sent ahead, and the thread finds them when it is done with one.
 */
export class Pace {
  #most = 1;
  #since = 0;

  /** How many calls the thread may have, the running one included. */
  get most(): number {
    return this.#most;
  }

  /** A call has begun, as far as that is known. */
  began(): void {
    this.#since = performance.now();
  }

  /** A function has returned after so many milliseconds. */
  returned(ran: number): void {
    this.#most = ran > SHORT ? 1 : Math.min(MOST, this.#most * 2);
  }

  /** Whether the running call takes so long that others should not wait for it. */
  get isStalled(): boolean {
    return performance.now() - this.#since > STALLED;
  }

  /** What was sent ahead is taken back: the thread has to show again that its functions are short. */
  slowDown(): void {
    this.#most = 1;
  }
}
