/** A task with its attempts: their signals, timeouts and errors. */

import type { TaskTimedOut } from '../../errors.ts';
import { TaskRecord } from '../../machines/records.ts';
import type { TimeLimits } from '../attempt/time-limits.ts';
import type { AnyFunction } from '../functions/task-types.ts';
import { Attempt } from './attempt.ts';

export class AttemptedTask extends TaskRecord {
  /** The current attempt; created when it is needed, which it is for few tasks. */
  protected run: Attempt | undefined = undefined;

  get signal(): AbortSignal {
    this.run ??= new Attempt();
    return this.run.signalOf(this.id);
  }

  /** Calls back when the current attempt is aborted, immediately if it already is. */
  onAbort(callback: (reason: unknown) => void): void {
    this.run ??= new Attempt();
    this.run.onAbort(callback);
  }

  /** Whether it is the signal of the current attempt. */
  hasSignal(signal: AbortSignal): boolean {
    return this.run?.hasSignal(signal) === true;
  }

  /** Aborts the signal; `now` by the monotonic clock. */
  abort(reason: unknown, now: number): void {
    this.run ??= new Attempt();
    this.run.abortAt(reason, now);
  }

  /** Aborts the signal because a time limit was reached, unless it is already aborted. */
  timeOut(error: TaskTimedOut, now: number): void {
    this.run ??= new Attempt();
    this.run.timedOut = error;
    if (!this.run.isAborted) this.run.abortAt(error, now);
  }

  /** Sets the time limits, before the first attempt. */
  begin(limits: TimeLimits): void {
    this.run = new Attempt(limits);
  }

  /** Starts a new attempt with a new signal after one has failed. */
  beginNext(error: unknown): void {
    this.run = (this.run ?? new Attempt()).next(error);
  }

  /** Makes this attempt call another function with the same arguments. */
  attach(fn: AnyFunction): void {
    this.run ??= new Attempt();
    this.run.attached = fn;
  }

  /** The function that this attempt calls instead of that of the task, if any. */
  get attached(): AnyFunction | undefined {
    return this.run?.attached;
  }

  /** Its time limits, if its group has a policy. */
  get limits(): TimeLimits | undefined {
    return this.run?.limits;
  }

  /** The most recent errors of earlier attempts. */
  get earlierErrors(): readonly unknown[] {
    return this.run?.earlier ?? [];
  }

  /** Defined if this attempt has reached a time limit. */
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

  /** The reason that the task was cancelled with. */
  get abortReason(): unknown {
    return this.run?.reason;
  }

  /** Releases what is no longer needed once the attempt is over. */
  protected releaseAttempt(): void {
    this.run?.release();
  }
}
