/** The clock of a run: what it measures stands still while the run is stopped, as by Ctrl-Z. */

import type { Clock } from '../../../index.ts';

/** A timer of this clock: that of the platform may come before it is due, and is armed anew. */
interface RunningTimer {
  readonly fn: () => void;
  readonly due: number;
  timer: NodeJS.Timeout | undefined;
}

export class RunningTime implements Clock {
  /** Milliseconds for which the run was stopped. */
  #stopped = 0;
  #stoppedAt: number | undefined = undefined;
  /** Those that came while the run was stopped. */
  readonly #waiting = new Set<RunningTimer>();

  now(): number {
    return Date.now();
  }

  /** Milliseconds since some moment in the past, without those for which the run was stopped. */
  monotonic(): number {
    return (this.#stoppedAt ?? performance.now()) - this.#stopped;
  }

  setTimeout(fn: () => void, ms: number): RunningTimer {
    const timer: RunningTimer = { fn, due: this.monotonic() + ms, timer: undefined };
    this.#arm(timer);
    return timer;
  }

  clearTimeout(id: unknown): void {
    if (id === undefined) return;
    const timer = id as RunningTimer;
    clearTimeout(timer.timer);
    this.#waiting.delete(timer);
  }

  stop(): void {
    this.#stoppedAt ??= performance.now();
  }

  continue(): void {
    if (this.#stoppedAt === undefined) return;
    this.#stopped += performance.now() - this.#stoppedAt;
    this.#stoppedAt = undefined;
    for (const timer of this.#waiting) this.#arm(timer);
    this.#waiting.clear();
  }

  #arm(timer: RunningTimer): void {
    // Node 24 warns of a delay below 0, which is what is left of one that is due.
    const left = Math.max(0, timer.due - this.monotonic());
    timer.timer = setTimeout(() => this.#come(timer), left);
  }

  #come(timer: RunningTimer): void {
    if (this.#stoppedAt !== undefined) this.#waiting.add(timer);
    else if (this.monotonic() < timer.due) this.#arm(timer);
    else timer.fn();
  }
}
