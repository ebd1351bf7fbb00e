/** The clock of a run: what it measures stands still while the run is stopped, as by Ctrl-Z. */

import type { Clock } from '../../index.ts';

export class RunningTime implements Clock {
  /** Milliseconds for which the run was stopped. */
  #stopped = 0;
  #stoppedAt: number | undefined = undefined;

  now(): number {
    return Date.now();
  }

  /** Milliseconds since some moment in the past, without those for which the run was stopped. */
  monotonic(): number {
    return (this.#stoppedAt ?? performance.now()) - this.#stopped;
  }

  /** By the time that never stops: the pool looks whether a timer is due, and arms it anew if not. */
  setTimeout(fn: () => void, ms: number): NodeJS.Timeout {
    return setTimeout(fn, ms);
  }

  clearTimeout(id: unknown): void {
    clearTimeout(id as NodeJS.Timeout);
  }

  stop(): void {
    this.#stoppedAt ??= performance.now();
  }

  continue(): void {
    if (this.#stoppedAt === undefined) return;
    this.#stopped += performance.now() - this.#stoppedAt;
    this.#stoppedAt = undefined;
  }
}
