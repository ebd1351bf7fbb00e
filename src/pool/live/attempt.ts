/** One run of a task: its signal, and whether it was aborted. */

import type { TaskTimedOut } from '../../errors.ts';
import { LateAbort } from '../../kit/late-abort.ts';
import type { TimeLimits } from '../attempt/time-limits.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import { markSignal } from './signal-mark.ts';

const NONE: readonly unknown[] = [];
/** How many errors of a task are kept, since it may be retried forever. */
const KEPT = 100;

/**
 * Created when the task is aborted or its signal is read: most functions never read it, and a controller costs more
 * than everything else about a task. For tasks with time limits it is created at the start.
 */
export class Attempt extends LateAbort {
  /** The time limits of the task, shared by all its attempts, if it has any. */
  readonly limits: TimeLimits | undefined;
  /** The most recent errors of earlier attempts. */
  readonly earlier: readonly unknown[];
  /** When the signal was aborted, by the monotonic clock. */
  abortedAt = 0;
  /** Defined if a time limit was reached: the attempt has failed, whatever the function does. */
  timedOut: TaskTimedOut | undefined = undefined;
  /** Called instead of the function of the task, which an earlier process has already called. */
  attached: AnyFunction | undefined = undefined;

  constructor(limits?: TimeLimits, earlier: readonly unknown[] = NONE) {
    super();
    this.limits = limits;
    this.earlier = earlier;
  }

  /** The next attempt after this one has failed. */
  next(error: unknown): Attempt {
    return new Attempt(this.limits, [...this.earlier.slice(1 - KEPT), error]);
  }

  /** @param id the id of the task. */
  signalOf(id: number): AbortSignal {
    if (this.made === undefined) markSignal(this.signal, id);
    return this.signal;
  }

  /** A task that is cancelled after a timeout is aborted a second time, for another reason. */
  abortAt(reason: unknown, now: number): void {
    if (!this.isAborted) this.abortedAt = now;
    this.abort(reason);
  }

  /** A time limit was reached; `now` by the monotonic clock. */
  timeOut(error: TaskTimedOut, now: number): void {
    this.timedOut = error;
    if (!this.isAborted) this.abortAt(error, now);
  }

  override release(): void {
    super.release();
    this.limits?.clear();
  }
}
