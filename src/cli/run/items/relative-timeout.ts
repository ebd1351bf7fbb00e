/** `--timeout 200%`: aborts attempts that take that much longer than the median of the successful ones. */

import { TaskTimedOut } from '../../../index.ts';
import { Histogram } from '../../../statistics/histogram.ts';
import type { ItemAttempt } from './item-attempt.ts';
import type { RunningTime } from './running-time.ts';

/** Successful attempts needed for a median, as in GNU parallel. */
const FEWEST = 3;

export class RelativeTimeout {
  readonly #percent: number;
  readonly #time: RunningTime;
  /** The durations of successful attempts, in milliseconds. */
  readonly #times = new Histogram();
  /** The start of each running attempt, in order of start. */
  readonly #begun = new Map<ItemAttempt, number>();
  #timer: ReturnType<RunningTime['setTimeout']> | undefined = undefined;

  /**
   * @param percent of the median, above 100.
   */
  constructor(percent: number, time: RunningTime) {
    this.#percent = percent;
    this.#time = time;
  }

  /** Called when the work of an attempt begins. */
  begin(attempt: ItemAttempt): void {
    // An attempt that is started again, on another machine, moves to the end.
    this.#begun.delete(attempt);
    this.#begun.set(attempt, this.#time.monotonic());
    if (this.#timer === undefined) this.#arm();
  }

  /** Called when an attempt ends. Successful ones count for the median. */
  end(attempt: ItemAttempt, hasSucceeded: boolean): void {
    const begunAt = this.#begun.get(attempt);
    if (begunAt === undefined) return;
    this.#begun.delete(attempt);
    if (hasSucceeded) this.#times.record(this.#time.monotonic() - begunAt);
    this.#arm();
  }

  /** The timeout in milliseconds; undefined while there is no median. */
  get #limit(): number | undefined {
    if (this.#times.count < FEWEST) return undefined;
    return ((this.#times.quantile(0.5) ?? 0) * this.#percent) / 100;
  }

  /** Sets the timer for the attempt that started first. */
  #arm(): void {
    this.#time.clearTimeout(this.#timer);
    this.#timer = undefined;
    const limit = this.#limit;
    const [first] = this.#begun.values();
    if (limit === undefined || first === undefined) return;
    const ms = Math.max(0, first + limit - this.#time.monotonic());
    this.#timer = this.#time.setTimeout(() => this.#look(limit), ms);
  }

  #look(limit: number): void {
    const now = this.#time.monotonic();
    for (const [attempt, begunAt] of this.#begun) {
      if (now - begunAt < limit) break;
      this.#begun.delete(attempt);
      const ms = Math.round(limit);
      const what = `item ${attempt.index + 1} has reached its timeout of ${ms} ms`;
      attempt.timeOut(new TaskTimedOut(what, 'timeout', ms));
    }
    this.#arm();
  }
}
