/** The clock and the timers of a pool. */

import { refuse } from '../../kit/checks.ts';
import { nextTurn, runSoon } from '../../kit/jobs.ts';
import { monotonicTime, wallTime } from '../../kit/time.ts';

/** A clock and its timers: those of the platform, or of a simulation such as xstate's. */
export interface Clock {
  /** Wall time, in milliseconds since the epoch: the `at` of events. */
  now(): number;
  /** Calls a function after this many milliseconds; returns an id for `clearTimeout`. */
  setTimeout(fn: () => void, ms: number): unknown;
  /** Prevents the call, if it has not happened yet. */
  clearTimeout(id: unknown): void;
  /** Monotonic time in milliseconds, for timers and durations. Default: `now()`. */
  monotonic?(): number;
}

/**
 * Runs a function without delay and without a timer, which a test may have faked; returns a function that prevents
 * it.
 */
function inNextTurn(run: () => void): () => void {
  let isWanted = true;
  void nextTurn().then(() => isWanted && run());
  return () => {
    isWanted = false;
  };
}

/** The clock of the platform, looked up at each call: a test may fake it at any time. */
export const platformClock: Required<Clock> = {
  now: wallTime,
  monotonic: monotonicTime,
  setTimeout: (fn, ms) => (ms > 0 ? setTimeout(fn, ms) : inNextTurn(fn)),
  clearTimeout: (id) => {
    if (typeof id === 'function') id();
    else clearTimeout(id as ReturnType<typeof setTimeout>);
  },
};

/**
 * Makes a user's clock reliable. Invalid readings are replaced by the last valid one; monotonic time never goes back,
 * and is never before the due time of a timer that fired; timers never fire synchronously, and use the platform's
 * clock if this one throws.
 */
export class CheckedClock implements Required<Clock> {
  readonly #clock: Clock;
  #at: number;
  /** The last valid monotonic reading, the time that has passed by all readings, and by timers. */
  #last: number;
  #passed: number;
  #due = Number.NEGATIVE_INFINITY;

  /** @throws TypeError if the clock does not return a finite number. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = firstReading('clock.now()', clock.now());
    this.#last = clock.monotonic ? firstReading('clock.monotonic()', clock.monotonic()) : this.#at;
    this.#passed = this.#last;
  }

  now(): number {
    const at = this.#clock.now();
    if (Number.isFinite(at)) this.#at = at;
    return this.#at;
  }

  monotonic(): number {
    const reading = this.#clock.monotonic?.() ?? this.#clock.now();
    if (Number.isFinite(reading)) {
      this.#passed += Math.max(0, reading - this.#last);
      this.#last = reading;
    }
    return Math.max(this.#passed, this.#due);
  }

  setTimeout(fn: () => void, ms: number): unknown {
    const due = this.monotonic() + ms;
    let isEarly = true;
    const run = () => {
      this.#due = Math.max(this.#due, due);
      fn();
    };
    const fire = () => (isEarly ? void runSoon(run) : run());
    try {
      return this.#clock.setTimeout(fire, ms);
    } catch {
      // Otherwise the caller would wait forever.
      return void platformClock.setTimeout(fire, ms);
    } finally {
      isEarly = false;
    }
  }

  clearTimeout(id: unknown): void {
    this.#clock.clearTimeout(id);
  }
}

function firstReading(name: string, reading: unknown): number {
  if (!Number.isFinite(reading)) refuse(`${name} to return a finite number`, reading);
  return reading as number;
}
