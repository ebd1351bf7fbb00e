/** The clock of a run, which stands still while the process is suspended, for instance by Ctrl-Z. */

import type { Clock } from '../../../index.ts';

/** A timer of this clock. The platform's timer may fire too early, and is then set again. */
interface RunningTimer {
  readonly fn: () => void;
  readonly due: number;
  timer: NodeJS.Timeout | undefined;
}

export class RunningTime implements Clock {
  /** The total time of suspension, in milliseconds. */
  #stopped = 0;
  #stoppedAt: number | undefined = undefined;
  /** Timers that fired while the process was suspended. */
  readonly #waiting = new Set<RunningTimer>();

  now(): number {
    return Date.now();
  }

  /** Monotonic time in milliseconds, without the time of suspension. */
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
    // Node 24 warns of negative delays, which overdue timers would have.
    const left = Math.max(0, timer.due - this.monotonic());
    timer.timer = setTimeout(() => this.#come(timer), left);
  }

  #come(timer: RunningTimer): void {
    if (this.#stoppedAt !== undefined) this.#waiting.add(timer);
    else if (this.monotonic() < timer.due) this.#arm(timer);
    else timer.fn();
  }
}
