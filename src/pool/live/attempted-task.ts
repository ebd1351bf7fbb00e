/** A task with its attempts: their signals, timeouts and errors. */

import type { TaskTimedOut } from '../../errors.ts';
import { TaskRecord } from '../../machines/records.ts';
import type { TimeLimits } from '../attempt/time-limits.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import { Attempt } from './attempt.ts';

export class AttemptedTask extends TaskRecord {
  /** The present one; there once it matters: that of most tasks never does. */
  protected run: Attempt | undefined = undefined;

  get signal(): AbortSignal {
    this.run ??= new Attempt();
    return this.run.signalOf(this.id);
  }

  /** Calls back when the present attempt is aborted, at once if it is. */
  onAbort(callback: (reason: unknown) => void): void {
    this.run ??= new Attempt();
    this.run.onAbort(callback);
  }

  /** Whether a signal is its own. */
  hasSignal(signal: AbortSignal): boolean {
    return this.run?.hasSignal(signal) === true;
  }

  /** Aborts the signal; `now` by the monotonic clock. */
  abort(reason: unknown, now: number): void {
    this.run ??= new Attempt();
    this.run.abortAt(reason, now);
  }

  /** Aborts the signal since a limit in time was reached, unless it is aborted already. */
  timeOut(error: TaskTimedOut, now: number): void {
    this.run ??= new Attempt();
    this.run.timedOut = error;
    if (!this.run.isAborted) this.run.abortAt(error, now);
  }

  /** Gives it clocks, before its first attempt. */
  begin(limits: TimeLimits): void {
    this.run = new Attempt(limits);
  }

  /** Makes a new signal: the attempt has failed, and there will be another. */
  beginNext(error: unknown): void {
    this.run = (this.run ?? new Attempt()).next(error);
  }

  /** Lets this attempt call another function, with the same arguments. */
  attach(fn: AnyFunction): void {
    this.run ??= new Attempt();
    this.run.attached = fn;
  }

  /** What this attempt calls in place of the function of the task, if anything. */
  get attached(): AnyFunction | undefined {
    return this.run?.attached;
  }

  /** Its clocks, if its group has a policy. */
  get limits(): TimeLimits | undefined {
    return this.run?.limits;
  }

  /** What its attempts before this one have failed with: the most recent ones. */
  get earlierErrors(): readonly unknown[] {
    return this.run?.earlier ?? [];
  }

  /** There if this attempt has reached a limit in time. */
  get timedOut(): TaskTimedOut | undefined {
    return this.run?.timedOut;
  }

  /** When the signal of this attempt was aborted, by the monotonic clock. */
  get abortedAt(): number {
    return this.run?.abortedAt ?? 0;
  }

  /** Whether its signal was aborted. */
  get isAborted(): boolean {
    return this.run?.isAborted === true;
  }

  /** What the task was cancelled with. */
  get abortReason(): unknown {
    return this.run?.reason;
  }

  /** Releases what only an attempt that is not over needs. */
  protected releaseAttempt(): void {
    this.run?.release();
  }
}
