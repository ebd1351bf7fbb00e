/** The handle of one task. */

import { ResultsNotRetained } from '../errors.ts';
import type { ErrorData, Json, Outcome } from '../events/events.ts';
import { oneLine, PRINTED } from '../kit/printed.ts';
import { ENDED, TASK_STATES, type TaskActor, type TaskState } from '../machines/charts.ts';
import { type TaskSnapshot, taskSnapshot } from '../machines/pool-snapshot.ts';
import type { Core } from './core.ts';
import type { Task } from './live/live.ts';
import type { WaitOptions } from './options/pool-options.ts';
import { waitOptions } from './options/wait-options.ts';
import { gaveUp, unlessAborted } from './results/giving-up.ts';
import { isKept } from './results/marks.ts';
import { TaskPromise } from './results/task-promise.ts';

/** A live view of a task; it stays readable after the pool has forgotten the task. */
export class TaskHandle {
  readonly #task: Task;
  readonly #core: Core;

  /** @internal */
  constructor(task: Task, core: Core) {
    this.#task = task;
    this.#core = core;
  }

  get id(): number {
    return this.#task.id;
  }

  /** The name of its group. */
  get groupName(): string {
    return this.#task.group.name;
  }

  /** Its place in its group, from 0. */
  get index(): number {
    return this.#task.index;
  }

  get attempt(): number {
    return this.#task.attempt;
  }

  /** What it is doing. `cancelling`: its signal is aborted, and its function has not settled. */
  get state(): TaskState {
    return TASK_STATES[this.#task.state] as TaskState;
  }

  /** How it ended; undefined before. */
  get outcome(): Outcome | undefined {
    return this.#task.outcome;
  }

  /** Where its present attempt runs, or has run, if not here: a thread or a worker. */
  get placedBy(): string | undefined {
    return this.#task.notes.placedBy;
  }

  /** What its function last reported. */
  get progress(): Json | undefined {
    return this.#task.notes.progress;
  }

  /** Why it was rejected, as plain data. */
  get error(): ErrorData | undefined {
    return this.#task.notes.error;
  }

  /** When it was made, in milliseconds since the epoch. */
  get queuedAt(): number {
    return this.#task.queuedAt;
  }

  /** When it started, in milliseconds since the epoch; undefined if it did not. */
  get startedAt(): number | undefined {
    return this.#task.startedAt;
  }

  /** When it ended, in milliseconds since the epoch; undefined before. */
  get endedAt(): number | undefined {
    return this.#task.endedAt;
  }

  /** Its xstate actor. Made on first use; moves with the task from then on. */
  get actor(): TaskActor {
    return this.#core.actors.of(this.#task);
  }

  /**
   * Cancels the task, as `pool.cancel(id)` does.
   *
   * @returns false if it has ended, which is no error here.
   */
  cancel(reason?: unknown): boolean {
    if (this.#task.state === ENDED) return false;
    this.#core.cancelling.tasks([this.#task], reason);
    return true;
  }

  /**
   * What its function returned, once it has. Rejects with what it threw, or was cancelled with; its
   * failure is delivered by that. Rejects with `ResultsNotRetained` if its value is no longer there, with
   * `WouldDeadlock` in its own function, and with `GaveUpWaiting` once the signal is aborted.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const [id = 0] = pool.apply(async () => 'done').ids;
   * await pool.task(id).result(); // => 'done'
   * await pool.gatherAndClose();
   * ```
   */
  async result(options: WaitOptions = {}): Promise<unknown> {
    waitOptions.check('result()', options);
    const { signal } = options;
    const task = this.#task;
    if (task.state === ENDED) return this.#ended();
    const { calling, door } = this.#core;
    calling.checkWaitForTask('result()', task, options);
    task.asked ??= new TaskPromise();
    return unlessAborted(task.asked.promise, signal, (reason) =>
      gaveUp(door, `result() of task ${task.id}`, [task], reason),
    );
  }

  /** What `JSON.stringify` makes of a task: what a snapshot of the pool says of it. */
  toJSON(): TaskSnapshot {
    return taskSnapshot(this.#task);
  }

  /** What `console.log` prints of a task. @internal */
  [PRINTED](): string {
    const { id, groupName, state, outcome, attempt, error } = this;
    const attempts = attempt === 1 ? '' : `, attempt ${attempt}`;
    const why = error === undefined ? '' : ` (${oneLine(`${error.name}: ${error.message}`)})`;
    return `Task ${id} of ${oneLine(groupName)}: ${outcome ?? state}${attempts}${why}`;
  }

  #ended(): unknown {
    const task = this.#task;
    if (!isKept(task)) {
      throw new ResultsNotRetained(
        `expected the result of task ${task.id}, got none: it was consumed, or ended in a process before`,
      );
    }
    if (task.outcome === 'fulfilled') return task.value;
    this.#core.delivery.failures.delivered(task);
    throw task.value;
  }
}
