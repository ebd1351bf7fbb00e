/** Runs tasks: from the start of an attempt through its outcome to the end. The hot path. */

import { Code } from '../../event-table.ts';
import type { ErrorData } from '../../events.ts';
import { isThenable, rejected, whenSettled } from '../../kit/promises.ts';
import { ACTIVE, CANCELLED, CANCELLING } from '../../machines/charts.ts';
import { errorData, toJson } from '../to-json.ts';
import type { Callbacks } from './callbacks.ts';
import { cancellation, type GivingIn } from './cancellation.ts';
import type { Door } from './door.ts';
import type { Executor } from './executor.ts';
import type { Group, Task } from './live.ts';
import { awaitItem } from './pending-item.ts';

const FULFILLED = 0;
const REJECTED = 1;
const CANCELLED_OUTCOME = 2;

export class Runner {
  readonly #door: Door;
  readonly #executor: Executor;
  readonly #callbacks: Callbacks;
  readonly #givingIn: GivingIn;
  /** Called when a task has ended, or has left its slot: its group may run another. Set once. */
  onSettled: (group: Group) => void = () => {};
  /** Called when a task has ended as rejected, before another one can start. Set once. */
  onFailed: (group: Group, error: unknown) => void = () => {};

  constructor(door: Door, executor: Executor, callbacks: Callbacks, givingIn: GivingIn) {
    this.#door = door;
    this.#executor = executor;
    this.#callbacks = callbacks;
    this.#givingIn = givingIn;
    executor.reports = this;
  }

  /** Starts an attempt of a task for which there is a slot. */
  start(task: Task): void {
    this.#door.record(Code.taskStarted, task);
    this.#attempt(task);
  }

  /** Completes a cancellation: the function gave in, or never ran. A cancel callback runs first. */
  unwound(task: Task): void {
    this.#door.record(Code.taskCancelled, task);
    this.#endCancelled(task);
  }

  /** Ends a task that was being cancelled when the process that ran it died. */
  unwind(task: Task): void {
    const { reason } = cancellation(task.notes.reason);
    task.abort(reason);
    if (task.state === CANCELLED) this.#endCancelled(task);
    else this.unwound(task);
  }

  /** Ends a task that was interrupted and is not to run again. */
  giveUp(task: Task, error: unknown): void {
    this.#end(task, REJECTED, error, errorData(error));
  }

  /** Records how far a task is, if it runs. */
  progress(task: Task, progress: unknown): void {
    if (task.state !== ACTIVE && task.state !== CANCELLING) return;
    this.#door.record(Code.taskProgressed, task, 0, toJson(progress));
  }

  /** Calls the function, and takes what it returns as the language does: it may be any object. */
  #attempt(task: Task): void {
    let result: unknown;
    try {
      result = isThenable(task.item) ? this.#callWithAwaited(task) : this.#executor.call(task);
    } catch (error) {
      // Others are being started: it ends after that, as if it had rejected.
      result = rejected(error);
    }
    whenSettled(
      result,
      (value) => this.#onFulfilled(task, value),
      (error) => this.#onRejected(task, error),
    );
  }

  async #callWithAwaited(task: Task): Promise<unknown> {
    task.item = await awaitItem(task);
    return this.#executor.call(task);
  }

  #onFulfilled(task: Task, value: unknown): void {
    this.#end(task, FULFILLED, value);
    this.onSettled(task.group);
  }

  #onRejected(task: Task, error: unknown): void {
    if (task.isAborted && this.#givingIn.includes(task, error)) this.unwound(task);
    else this.#end(task, REJECTED, error, errorData(error));
    this.onSettled(task.group);
  }

  #endCancelled(task: Task): void {
    const cancelCallback = task.group.work.callbacks?.cancel;
    if (cancelCallback === undefined) {
      this.#end(task, CANCELLED_OUTCOME, task.abortReason);
      return;
    }
    this.#callbacks.run('cancel', cancelCallback, task, () => {
      this.#end(task, CANCELLED_OUTCOME, task.abortReason);
      this.onSettled(task.group);
    });
  }

  #end(task: Task, outcome: number, value: unknown, error?: ErrorData): void {
    task.release();
    // Before it is recorded: those who asked for results get it as they see the event.
    task.value = value;
    this.#door.record(Code.taskEnded, task, outcome, error);
    if (outcome === REJECTED) this.onFailed(task.group, value);
    const endCallback = task.group.work.callbacks?.end;
    if (endCallback !== undefined) this.#callbacks.run('end', endCallback, task, () => {});
  }
}
