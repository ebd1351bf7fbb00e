/** A policy sets the size of the pool while tasks run: the reference checks that it is allowed to. */

import type { BasePool, PoolEvent } from 'xstate-taskpool';
import { type Autosizer, autosize, type Decide } from 'xstate-taskpool/autosize';

const INTERVAL = 10;
const REASON = 'advice';

/** Suggests sizes within the bounds and beyond them, the same sequence each time. */
const wander =
  (count: number): Decide =>
  ({ max }) => ({
    size: ((count * 5) % (max + 3)) - 1,
    reason: `${REASON} ${count}`,
    next: wander(count + 1),
  });

export class Autosizing {
  readonly #report: (problem: string) => void;
  #autosizer: Autosizer | undefined;
  #max = 0;

  constructor(report: (problem: string) => void) {
    this.#report = report;
  }

  /** Starts autosizing a pool, or stops it. */
  toggle(pool: BasePool, max: number): void {
    if (this.#autosizer !== undefined) {
      this.stop();
      return;
    }
    this.#max = max;
    const error = (...data: unknown[]) => this.#report(`autosize said ${data.join(' ')}`);
    const policy = { decide: wander(1) };
    this.#autosizer = autosize(pool, { max, policy, interval: INTERVAL, logger: { error } });
  }

  stop(): void {
    this.#autosizer?.stop();
    this.#autosizer = undefined;
  }

  see(event: PoolEvent): void {
    if (event.type !== 'pool.resized' || event.reason === undefined) return;
    const { poolSize, reason } = event;
    if (poolSize === null || poolSize < 1 || poolSize > this.#max) {
      this.#report(`the size became ${poolSize} of at most ${this.#max}`);
    }
    // No autosizer may change the size while there is none, or before its constructor has returned.
    if (this.#autosizer === undefined && reason.startsWith(REASON)) {
      this.#report(`the size became ${poolSize} though it was to stay as it is`);
    }
  }
}
