/** Decides how many calls a thread may have at a time. */

/** Milliseconds: functions that run longer gain nothing from calls sent ahead. */
const SHORT = 0.5;
const MOST = 16;
/** Milliseconds without a result after which the calls behind the running one are taken back. */
const STALLED = 2;

/**
 * Usually one call at a time. While functions are so short that waking the thread takes longer than running them,
 * further calls are sent ahead, so that the thread finds the next one immediately.
 */
export class Pace {
  #most = 1;
  #since = 0;

  /** The number of calls that the thread may have, including the running one. */
  get most(): number {
    return this.#most;
  }

  /** A call has probably begun. */
  began(): void {
    this.#since = performance.now();
  }

  /** A function has returned. @param ran in milliseconds. */
  returned(ran: number): void {
    this.#most = ran > SHORT ? 1 : Math.min(MOST, this.#most * 2);
  }

  /** Whether the running call takes so long that others should not wait behind it. */
  get isStalled(): boolean {
    return performance.now() - this.#since > STALLED;
  }

  /** Stops sending ahead, until functions prove to be short again. */
  slowDown(): void {
    this.#most = 1;
  }
}
