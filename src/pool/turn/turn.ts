/**
 * The pool's time: the clock, the timers, and the turn, a promise job that starts every task that can start.
 * Nothing else in a pool reads a clock or schedules anything.
 */

import { pendingTurn } from '../../kit/fairness.ts';
import { whenResolved } from '../../kit/promises.ts';
import { CheckedClock, type Clock, platformClock } from './clock.ts';
import { type Timer, Timers } from './timers.ts';

/**
 * Reading the platform's clock costs as much as recording an event, so one reading serves the events of one run of
 * promise jobs, but no more than this many: functions that keep the thread busy must show in the times. Other clocks
 * are read each time, since a simulated one may be set in between.
 */
const USES = 16;
const NOW = Promise.resolve();
/** After a reading that was used only once, this many readings are not kept: keeping them costs more. */
const UNKEPT = 64;

export class Turn {
  /** The body of a turn. Set once, by the scheduler. */
  run: () => void = () => {};
  /** The clock as given in the options. */
  readonly clock: Clock;
  readonly #clock: Required<Clock>;
  readonly #timers: Timers;
  #at!: number;
  readonly #uses: number;
  #usesLeft = 0;
  #unkept = 0;
  #expires = false;
  /** Created once, since it runs for each task if each settles in its own turn of the event loop. */
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

  /** The current wall time, in milliseconds since the epoch. */
  get at(): number {
    if (this.#usesLeft > 0) this.#usesLeft--;
    else this.#read();
    return this.#at;
  }

  /** Gives the next event a new clock reading, since rates must be exact. */
  renew(): void {
    this.#usesLeft = 0;
  }

  /** Monotonic milliseconds, by a new reading. */
  get elapsed(): number {
    return this.#clock.monotonic();
  }

  /**
   * Monotonic milliseconds, by one reading for everything between {@link lap} and {@link passed}: all that follows
   * synchronously from the end of a task.
   */
  get moment(): number {
    return this.#moment ?? this.elapsed;
  }

  /** Reads the monotonic clock for what follows now. */
  lap(): void {
    this.#moment = this.elapsed;
  }

  /** User code has run or is about to run, so time has passed. */
  passed(): void {
    this.#moment = undefined;
  }

  /** Whether the next turn is scheduled or held back. */
  get isScheduled(): boolean {
    return this.#isScheduled;
  }

  /** Runs the next turn in a promise job, since methods of a pool must not run user code. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    void this.#runNext();
  }

  /** Jobs that start further calls each time would keep the event loop from its turn forever. */
  async #runNext(): Promise<void> {
    await pendingTurn();
    this.#isScheduled = false;
    this.run();
  }

  /** Holds back all turns and timers until the returned function is called. */
  hold(): () => void {
    this.#isScheduled = true;
    this.#timers.hold();
    return () => {
      this.#isScheduled = false;
      this.#timers.release();
      this.schedule();
    };
  }

  /** Runs a function after this many milliseconds. Keeps the process alive. */
  after(ms: number, run: () => void): Timer {
    return this.#timers.after(ms, run);
  }

  /** Does nothing if the timer has fired or is undefined. */
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
