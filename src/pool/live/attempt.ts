/** One run of a task: its signal, and whether that was aborted. */

import type { TaskTimedOut } from '../../errors.ts';
import type { TimeLimits } from '../attempt/time-limits.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import { markSignal } from './signal-mark.ts';

const NONE: readonly unknown[] = [];
/** How many errors of a task are kept: one may be run again for ever. */
const KEPT = 100;

/**
 * Made when it is aborted or its signal is read: most functions never do, and a controller
 * costs more than all else of a task. For tasks that have limits in time it is there from the start.
 */
export class Attempt {
  /** Those of all attempts of the task, if there are any. */
  readonly limits: TimeLimits | undefined;
  /** What the attempts before have failed with: the most recent ones. */
  readonly earlier: readonly unknown[];
  isAborted = false;
  reason: unknown = undefined;
  /** When the signal was aborted, by the monotonic clock. */
  abortedAt = 0;
  /** There if a limit in time was reached: whatever the function does, the attempt has failed. */
  timedOut: TaskTimedOut | undefined = undefined;
  /** Called in place of the function of the task: it was called by a process before. */
  attached: AnyFunction | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  /** Who is to be called when it is aborted, besides the listeners of the signal. */
  #callbacks: ((reason: unknown) => void)[] | undefined = undefined;

  constructor(limits?: TimeLimits, earlier: readonly unknown[] = NONE) {
    this.limits = limits;
    this.earlier = earlier;
  }

  /** The one that follows when this one has failed. */
  next(error: unknown): Attempt {
    return new Attempt(this.limits, [...this.earlier.slice(1 - KEPT), error]);
  }

  /** @param id of the task that it belongs to. */
  signalOf(id: number): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      markSignal(this.#controller.signal, id);
      if (this.isAborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  /** Calls back when it is aborted, at once if it is: a listener that needs no signal. */
  onAbort(callback: (reason: unknown) => void): void {
    if (this.isAborted) callback(this.reason);
    else if (this.#callbacks === undefined) this.#callbacks = [callback];
    else this.#callbacks.push(callback);
  }

  hasSignal(signal: AbortSignal): boolean {
    return this.#controller?.signal === signal;
  }

  /** A second abort, of a task that is cancelled after it timed out, changes the reason alone. */
  abort(reason: unknown, now: number): void {
    if (!this.isAborted) this.abortedAt = now;
    this.isAborted = true;
    this.reason = reason;
    this.#controller?.abort(reason);
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    for (const callback of callbacks ?? []) callback(reason);
  }

  /** Releases the controller. Reading the signal again makes another one in the same state. */
  release(): void {
    this.#controller = undefined;
    this.#callbacks = undefined;
    this.limits?.clear();
  }
}
