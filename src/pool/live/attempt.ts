/** One run of a task: its signal, and whether it was aborted. */

import type { TaskTimedOut } from '../../errors.ts';
import { LateAbort } from '../../kit/late-abort.ts';
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
export class Attempt extends LateAbort {
  /** Those of all attempts of the task, if there are any. */
  readonly limits: TimeLimits | undefined;
  /** What the attempts before have failed with: the most recent ones. */
  readonly earlier: readonly unknown[];
  /** When the signal was aborted, by the monotonic clock. */
  abortedAt = 0;
  /** There if a limit in time was reached: whatever the function does, the attempt has failed. */
  timedOut: TaskTimedOut | undefined = undefined;
  /** Called in place of the function of the task: it was called by a process before. */
  attached: AnyFunction | undefined = undefined;

  constructor(limits?: TimeLimits, earlier: readonly unknown[] = NONE) {
    super();
    this.limits = limits;
    this.earlier = earlier;
  }

  /** The one that follows when this one has failed. */
  next(error: unknown): Attempt {
    return new Attempt(this.limits, [...this.earlier.slice(1 - KEPT), error]);
  }

  /** @param id of the task that it belongs to. */
  signalOf(id: number): AbortSignal {
    if (this.made === undefined) markSignal(this.signal, id);
    return this.signal;
  }

  hasSignal(signal: AbortSignal): boolean {
    return this.made === signal;
  }

  /** A task that is cancelled after it timed out is aborted a second time, for another reason. */
  abortAt(reason: unknown, now: number): void {
    if (!this.isAborted) this.abortedAt = now;
    this.abort(reason);
  }

  override release(): void {
    super.release();
    this.limits?.clear();
  }
}
