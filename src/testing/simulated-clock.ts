/** A clock that stands still until a test lets time pass. */

import type { Clock } from '../index.ts';
import { abortable } from '../kit/abortable.ts';
import { checkFrom, checkOptionalSignal, refuse } from '../kit/checks.ts';
import { untilQuiet } from '../kit/fairness.ts';
import { Heap, type HeapEntry } from '../kit/heap.ts';

interface Timer extends HeapEntry {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

/** The maximum number of turns of the event loop to wait for work that waits for no timer. */
const MOST_IDLE_TURNS = 100;

/**
 * A clock for the option `clock` of a pool. Time passes only in {@link pass} and {@link until}, which run each timer
 * at its time and wait for the promise jobs that follow, so that everything happens in order and a test of an hour
 * takes a millisecond.
 *
 * @example
 * ```ts
 * import { TaskPool } from 'xstate-taskpool';
 * import { SimulatedClock } from 'xstate-taskpool/testing';
 *
 * const clock = new SimulatedClock();
 * const pool = new TaskPool({ clock });
 * const group = pool.apply(() => clock.sleep(60_000));
 * await clock.pass(59_999);
 * group.progress.ended; // => 0
 * await clock.pass(1);
 * group.progress.ended; // => 1
 * ```
 */
export class SimulatedClock implements Clock {
  #now: number;
  #numMade = 0;
  readonly #timers = new Heap<Timer>((one, other) =>
    one.due === other.due ? one.order < other.order : one.due < other.due,
  );

  /**
   * @param start the initial time, in milliseconds since the epoch. Default: 0.
   * @throws TypeError, RangeError
   */
  constructor(start = 0) {
    checkFrom('start', start);
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimeout(fn: () => void, ms: number): unknown {
    // Like the platform's timers: an invalid delay counts as 0.
    const due = this.#now + Math.max(0, Number(ms) || 0);
    const timer = { due, order: this.#numMade++, run: fn, place: -1 };
    if (due < Number.POSITIVE_INFINITY) this.#timers.push(timer);
    return timer;
  }

  clearTimeout(id: unknown): void {
    if (id !== undefined) this.#timers.remove(id as Timer);
  }

  /**
   * Resolves after this many milliseconds of this clock; rejects with the reason of the signal when that is aborted.
   */
  sleep(ms: number, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { signal } = options;
    if (typeof ms !== 'number' || Number.isNaN(ms)) refuse('ms to be a number', ms);
    checkOptionalSignal('signal', signal);
    return abortable(signal, (resolve) => {
      const timer = this.setTimeout(resolve, ms);
      return () => this.clearTimeout(timer);
    });
  }

  /** Advances the time by this many milliseconds and runs all timers due in them. @throws TypeError, RangeError */
  async pass(ms: number): Promise<void> {
    checkFrom('ms', ms);
    const end = this.#now + ms;
    await untilQuiet();
    while ((this.#timers.first?.due ?? Number.POSITIVE_INFINITY) <= end) await this.#step();
    this.#now = Math.max(this.#now, end);
  }

  /**
   * Advances the time until a promise settles, and no further. If no timer is due, the promise may still settle in
   * one of the next turns of the event loop, which stores and long work need.
   *
   * @throws the error with which the promise rejects; Error if no timer is due any more and it is still pending.
   */
  async until<T>(promise: PromiseLike<T>): Promise<T> {
    let isPending = true;
    const settle = () => {
      isPending = false;
    };
    promise.then(settle, settle);
    await untilQuiet();
    for (let idleTurns = 0; isPending; ) {
      if (this.#timers.first !== undefined) {
        await this.#step();
        idleTurns = 0;
      } else if (idleTurns++ < MOST_IDLE_TURNS) await untilQuiet();
      else throw new Error('expected the promise to settle, got nothing more that is due');
    }
    return promise;
  }

  /** Runs the next timer, and all others due at the same time. */
  async #step(): Promise<void> {
    const due = this.#timers.first?.due ?? this.#now;
    this.#now = Math.max(this.#now, due);
    for (let next = this.#timers.first; next !== undefined && next.due <= due; ) {
      this.#timers.remove(next);
      next.run();
      next = this.#timers.first;
    }
    await untilQuiet();
  }
}
