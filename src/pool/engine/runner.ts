/** Runs tasks, from the start of an attempt through its outcome to the end. The hot path. */

import type { TaskTimedOut } from '../../errors.ts';
import { Code } from '../../events/event-codes.ts';
import type { ErrorData } from '../../events/events.ts';
import { turnIfDue } from '../../kit/fairness.ts';
import { isRefused, whenResolved, whenSettled } from '../../kit/promises.ts';
import { ACTIVE, CANCELLED, CANCELLING, ENDED } from '../../machines/charts.ts';
import { errorData, toJson } from '../../machines/to-json.ts';
import type { Admission } from '../admission/admission.ts';
import type { Attempts } from '../attempt/attempts.ts';
import { withAttempts, withCause } from '../attempt/errors.ts';
import type { Callbacks } from '../calling/callbacks.ts';
import type { Executor } from '../calling/executor.ts';
import type { Door } from '../door/door.ts';
import type { Group, Task } from '../live/live.ts';
import type { Stopwatch } from '../publishing/stopwatch.ts';
import type { AsyncContext, Running, SingleContext } from '../turn/async-context.ts';
import type { AbortErrors } from './cancellation.ts';
import type { Slots } from './slots.ts';

const { taskStarted } = Code;
const FULFILLED = 0;
const REJECTED = 1;
const CANCELLED_OUTCOME = 2;

/** The parts of a pool that running a task involves. */
interface Parts {
  readonly door: Door;
  readonly executor: Executor;
  readonly callbacks: Callbacks;
  readonly abortErrors: AbortErrors;
  readonly attempts: Attempts;
  readonly stopwatch: Stopwatch;
  readonly admission: Admission;
  readonly handover: Slots;
  readonly scheduler: {
    /** Queues the next task of a group for a slot, and starts none. */
    refill(group: Group, context?: AsyncContext<Task>): void;
    /** Starts the tasks that may start now that one of a group has ended outside of its loop. */
    proceed(group: Group): void;
  };
  readonly cancelling: {
    /** A task was rejected: what happens to the rest of its group, before another task can start. */
    afterFailure(group: Group, error: unknown): void;
  };
}

export class Runner implements Running<Task> {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Records the start of an attempt in a free slot; the caller must call its function. */
  start(task: Task): void {
    this.#parts.door.record(taskStarted, task, 0, task.group.identity);
  }

  /** Completes a cancellation: the function has stopped or never ran. A cancel callback runs first. */
  unwound(task: Task): void {
    // It may have been cancelled by the process that ran it, which died before the task ended.
    if (task.state !== CANCELLED) this.#parts.door.record(Code.taskCancelled, task);
    const cancelCallback = task.work.callbacks?.cancel;
    if (cancelCallback === undefined) {
      this.#end(task, CANCELLED_OUTCOME, task.run?.reason);
      return;
    }
    this.#parts.callbacks.run('cancel', cancelCallback, task, () => {
      this.#end(task, CANCELLED_OUTCOME, task.run?.reason);
      this.#parts.scheduler.proceed(task.group);
    });
  }

  /** Rejects a task that is not to run, or not to run again. */
  giveUp(task: Task, error: unknown): void {
    this.#end(task, REJECTED, withAttempts(error, task.run?.earlier), errorData(error));
  }

  /** An attempt that reached a time limit is over: its function has settled, or its process died. */
  timedOut(task: Task, error: TaskTimedOut): void {
    const mayRepeat = error.which === 'timeout' && task.state !== CANCELLING;
    if (mayRepeat && this.#parts.attempts.repeats(task, error)) return;
    // A cancellation in the meantime takes precedence; `retry.when` may have called for it as well.
    if (task.state === CANCELLING) this.unwound(task);
    else this.giveUp(task, error);
  }

  /** Records the progress of a task, if it runs. */
  progress(task: Task, progress: unknown): void {
    if (!task.isAtWork) return;
    this.#parts.door.record(Code.taskProgressed, task, 0, toJson(progress));
  }

  /** Records where an attempt of a task has started, if it is not over. */
  placed(task: Task, attempt: number, by: string): void {
    if (task.attempt !== attempt || !task.isAtWork) return;
    this.#parts.door.record(Code.taskPlaced, task, 0, by);
    if (task.state === ACTIVE) this.#parts.attempts.placed(task);
  }

  /**
   * One loop per slot: it calls the function of a task and, when that has settled, the function of the task that gets
   * the slot next, if it belongs to the same context. Unlike callbacks, this needs no closures per task. A loop with
   * nothing to run is parked in its context, unless one is already.
   *
   * @param task the first one; not a variable of its own, since a loop retains its parameters until it ends.
   */
  async loop(context: AsyncContext<Task>, task: Task | undefined): Promise<void> {
    const { handover } = this.#parts;
    let hasMore = false;
    for (;;) {
      if (task === undefined) {
        await context.park();
        task = context.take();
      }
      const result = this.#begin(task);
      if (hasMore) handover.called(task.group, context);
      let value: unknown;
      let hasFailed = false;
      try {
        value = await result;
      } catch (error) {
        value = error;
        hasFailed = true;
        // `await` throws synchronously for such a value; other tasks may be in the middle of being started.
        if (isRefused(result)) await undefined;
      }
      let due = turnIfDue();
      if (due === undefined) task = this.#next(task, value, hasFailed, context);
      else {
        due = this.#leave(due, task, value, hasFailed, context);
        if (due !== undefined) context.keep();
        // Again, if those that waited before it have taken the time of this turn.
        for (; due !== undefined; due = turnIfDue()) await due;
        task = this.#release(task, context);
      }
      hasMore = handover.hasMore;
      if (task === undefined && !context.needsLoop) return;
    }
  }

  /** With two closures, but half the memory of a loop. */
  attempt(context: SingleContext<Task>, task: Task): Promise<unknown> {
    return whenSettled(
      this.#begin(task),
      (value) => this.#over(context, task, value, false),
      (error) => this.#over(context, task, error, true),
    );
  }

  #over(context: SingleContext<Task>, task: Task, value: unknown, hasFailed: boolean): unknown {
    const due = turnIfDue();
    if (due !== undefined)
      return this.#releaseAfter(this.#leave(due, task, value, hasFailed), context, task);
    this.#next(task, value, hasFailed);
    return context.outcome(task, this);
  }

  /** Passes a slot on after a turn, or after another one if those that waited before it have taken its time. */
  #releaseAfter(due: Promise<void> | undefined, context: SingleContext<Task>, task: Task): unknown {
    if (due !== undefined) {
      return whenResolved(due, () => this.#releaseAfter(turnIfDue(), context, task));
    }
    this.#release(task);
    return context.outcome(task, this);
  }

  #begin(task: Task): unknown {
    const { attempts, executor, door } = this.#parts;
    if (task.work.policy !== undefined) attempts.start(task);
    const result = executor.call(task);
    door.turn.passed();
    return result;
  }

  /** The function of a task has settled: passes the slot on, and returns the task that the calling loop runs next. */
  #next(
    task: Task,
    value: unknown,
    hasFailed: boolean,
    context?: AsyncContext<Task>,
  ): Task | undefined {
    const next = hasFailed ? undefined : this.#parts.handover.relay(task, value, context);
    if (task.state === ENDED) return next;
    this.#settled(task, value, hasFailed);
    return this.#release(task, context);
  }

  /** A turn is due: returns it if the slot is passed on after it. If nothing waits, tasks would wait for each other. */
  #leave(
    due: Promise<void>,
    task: Task,
    value: unknown,
    hasFailed: boolean,
    context?: AsyncContext<Task>,
  ): Promise<void> | undefined {
    const { scheduler, door, admission } = this.#parts;
    this.#settled(task, value, hasFailed);
    scheduler.refill(task.group, context);
    door.turn.passed();
    return admission.isEmpty ? undefined : due;
  }

  #release({ group }: Task, context?: AsyncContext<Task>): Task | undefined {
    const { handover, door } = this.#parts;
    const next = handover.release(group, context);
    door.turn.passed();
    return next;
  }

  /** The function of a task has settled. */
  #settled(task: Task, value: unknown, hasFailed: boolean): void {
    this.#parts.stopwatch.settled();
    if (task.work.policy !== undefined) this.#endAttempt(task, value, hasFailed);
    else if (hasFailed) this.#fail(task, value);
    else this.#end(task, FULFILLED, value);
  }

  #fail(task: Task, error: unknown): void {
    if (task.run?.isAborted === true && this.#parts.abortErrors.include(task, error))
      this.unwound(task);
    else this.#end(task, REJECTED, error, errorData(error));
  }

  /** Ends an attempt that may have reached a time limit, or may be retried. */
  #endAttempt(task: Task, value: unknown, hasFailed: boolean): void {
    const { run } = task;
    const timedOut = run?.timedOut;
    if (timedOut !== undefined) {
      this.timedOut(task, hasFailed ? withCause(timedOut, value) : timedOut);
    } else if (!hasFailed) this.#end(task, FULFILLED, value);
    else if (!this.#parts.attempts.repeats(task, value)) {
      this.#fail(task, withAttempts(value, run?.earlier));
    }
  }

  #end(task: Task, outcome: number, value: unknown, error?: ErrorData): void {
    const endCallback = task.work.callbacks?.end;
    task.release();
    // Set before the event is recorded, since results are delivered when the event is seen.
    task.value = value;
    this.#parts.stopwatch.recordEnd(task, outcome, error);
    if (outcome === REJECTED) this.#parts.cancelling.afterFailure(task.group, value);
    if (endCallback !== undefined) this.#parts.callbacks.run('end', endCallback, task, () => {});
  }
}
