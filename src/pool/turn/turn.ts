/**
 * The pool's time: the clock, the timers, and the turn, a promise job that starts every task that can start.
 * Nothing else in a pool reads a clock or schedules anything.
 */

import { runSoon } from '../../kit/jobs.ts';
import { whenResolved } from '../../kit/promises.ts';
import { CheckedClock, type Clock, platformClock } from './clock.ts';
import { type Timer, Timers } from './timers.ts';

/**
 * Reading the platform's clock costs as much as recording an event, so one reading serves the events of
 * one run of promise jobs, but no more than this many: functions that keep the thread busy must show in
 * the times. Another clock is read each time: a simulated one may be set in between.
 */
const USES = 16;
const NOW = Promise.resolve();
/** How many readings in a row are used only once before they are no longer kept: keeping costs more. */
const UNKEPT = 64;

export class Turn {
  /** What is done in a turn. Set once, by the scheduler. */
  run: () => void = () => {};
  /** The one that was given. */
  readonly clock: Clock;
  readonly #clock: Required<Clock>;
  readonly #timers: Timers;
  #at!: number;
  readonly #uses: number;
  #usesLeft = 0;
  #unkept = 0;
  #expires = false;
  /** Made once: where each task settles in a turn of the event loop of its own, it runs for each. */
  readonly #expire = (): void => {
    this.#expires = false;
    if (this.#usesLeft === this.#uses) this.#unkept = UNKEPT;
    this.#usesLeft = 0;
  };
  #isScheduled = false;
  #moment: number | undefined = undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.#clock = clock === platformClock ? platformClock : new CheckedClock(clock);
    this.#uses = clock === platformClock ? USES : 0;
    this.#timers = new Timers(this.#clock);
  }

  /** The wall time of what happens now, in milliseconds since the epoch. */
  get at(): number {
    if (this.#usesLeft > 0) this.#usesLeft--;
    else this.#read();
    return this.#at;
  }

  /** Lets the next event have a time of its own: a rate is exact. */
  renew(): void {
    this.#usesLeft = 0;
  }

  /** Milliseconds that never go back, by a reading of its own. */
  get elapsed(): number {
    return this.#clock.monotonic();
  }

  /**
   * The same, by one reading for all that follows at once from the end of a task: between {@link lap} and
   * {@link passed}.
   */
  get moment(): number {
    return this.#moment ?? this.elapsed;
  }

  /** Reads the monotonic clock for what follows now. */
  lap(): void {
    this.#moment = this.elapsed;
  }

  /** Code of the user's has run or is about to, so time has passed. */
  passed(): void {
    this.#moment = undefined;
  }

  /** Whether the next turn was asked for, or is held back. */
  get isScheduled(): boolean {
    return this.#isScheduled;
  }

  /** Runs the next turn, in a promise job: methods of a pool run no code of the user's. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    void runSoon(() => {
      this.#isScheduled = false;
      this.run();
    });
  }

  /** Runs no turn and no timer, whatever happens, until the returned function is called. */
  hold(): () => void {
    this.#isScheduled = true;
    this.#timers.hold();
    return () => {
      this.#isScheduled = false;
      this.#timers.release();
      this.schedule();
    };
  }

  /** Runs a function after this many milliseconds; the process waits for it. */
  after(ms: number, run: () => void): Timer {
    return this.#timers.after(ms, run);
  }

  /** Does nothing if it has run, or if there is none. */
  cancel(timer: Timer | undefined): void {
    if (timer !== undefined) this.#timers.cancel(timer);
  }

  #read(): void {
    this.#at = this.#clock.now();
    if (this.#unkept > 0) {
      this.#unkept--;
      return;
    }
    this.#usesLeft = this.#uses;
    if (this.#expires || this.#uses === 0) return;
    this.#expires = true;
    void whenResolved(NOW, this.#expire);
  }
}
