/** `--timeout 200%`: attempts are aborted that take so much longer than those that have succeeded. */

import { TaskTimedOut } from '../../../index.ts';
import { Histogram } from '../../../statistics/histogram.ts';
import type { ItemAttempt } from './item-attempt.ts';
import type { RunningTime } from './running-time.ts';

/** How many have to succeed before there is a median to compare with, as in GNU parallel. */
const FEWEST = 3;

export class RelativeTimeout {
  readonly #percent: number;
  readonly #time: RunningTime;
  /** How long attempts took that have succeeded, in milliseconds. */
  readonly #times = new Histogram();
  /** When the running items have started, in that order. */
  readonly #begun = new Map<ItemAttempt, number>();
  #timer: ReturnType<RunningTime['setTimeout']> | undefined = undefined;

  /** @param percent of the median, more than 100. */
  constructor(percent: number, time: RunningTime) {
    this.#percent = percent;
    this.#time = time;
  }

  /** The work of an attempt has begun. */
  begin(attempt: ItemAttempt): void {
    // One that is begun again, on another machine, is now the last.
    this.#begun.delete(attempt);
    this.#begun.set(attempt, this.#time.monotonic());
    if (this.#timer === undefined) this.#arm();
  }

  /** It is over. Those that succeeded count. */
  end(attempt: ItemAttempt, hasSucceeded: boolean): void {
    const begunAt = this.#begun.get(attempt);
    if (begunAt === undefined) return;
    this.#begun.delete(attempt);
    if (hasSucceeded) this.#times.record(this.#time.monotonic() - begunAt);
    this.#arm();
  }

  /** Milliseconds that an attempt may take; undefined as long as that cannot be known. */
  get #limit(): number | undefined {
    if (this.#times.count < FEWEST) return undefined;
    return ((this.#times.quantile(0.5) ?? 0) * this.#percent) / 100;
  }

  /** Looks again when the one that has begun first may be late. */
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
