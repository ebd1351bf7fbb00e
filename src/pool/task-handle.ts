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
import { Requested } from './results/requested.ts';

/**
 * The handle of a task. Its properties are always current, and stay readable after the pool has forgotten the task.
 */
export class TaskHandle {
  readonly #task: Task;
  readonly #core: Core;

  /** @internal */
  constructor(task: Task, core: Core) {
    this.#task = task;
    this.#core = core;
  }

  /** The id of the task in its pool, from 0. */
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

  /** The number of its current or last attempt, from 1. */
  get attempt(): number {
    return this.#task.attempt;
  }

  /** The state of the task. `'cancelling'`: its signal is aborted but its function has not settled. */
  get state(): TaskState {
    return TASK_STATES[this.#task.state] as TaskState;
  }

  /** How it ended; undefined until then. */
  get outcome(): Outcome | undefined {
    return this.#task.outcome;
  }

  /** The thread or worker that runs, or ran, its current attempt; undefined if it runs in this thread. */
  get placedBy(): string | undefined {
    return this.#task.notes.placedBy;
  }

  /** The progress that its function reported last. */
  get progress(): Json | undefined {
    return this.#task.notes.progress;
  }

  /** The error it was rejected with, as plain data. */
  get error(): ErrorData | undefined {
    return this.#task.notes.error;
  }

  /** When it was created, in milliseconds since the epoch. */
  get queuedAt(): number {
    return this.#task.queuedAt;
  }

  /** When it started, in milliseconds since the epoch; undefined if it did not. */
  get startedAt(): number | undefined {
    return this.#task.startedAt;
  }

  /** When it ended, in milliseconds since the epoch; undefined until then. */
  get endedAt(): number | undefined {
    return this.#task.endedAt;
  }

  /** Its xstate actor. Created on first use; follows the state of the task from then on. */
  get actor(): TaskActor {
    return this.#core.actors.of(this.#task);
  }

  /**
   * Cancels the task, as `pool.cancel(id)` does.
   *
   * @returns false if it had already ended, which is no error here.
   */
  cancel(reason?: unknown): boolean {
    if (this.#task.state === ENDED) return false;
    this.#core.cancelling.tasks([this.#task], reason);
    return true;
  }

  /**
   * Resolves with the value that its function returned. Rejects with the error it threw, or the reason it was
   * cancelled with; that error then counts as handled. Rejects with `ResultsNotRetained` if its result was already
   * released, with `WouldDeadlock` when called in its own function, and with `GaveUpWaiting` once the signal is
   * aborted.
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
    task.asked ??= new Requested();
    return unlessAborted(task.asked.promise, signal, (reason) =>
      gaveUp(door, `result() of task ${task.id}`, [task], reason),
    );
  }

  /** The JSON form of a task: its entry in a snapshot of the pool. */
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
        `expected the result of task ${task.id}, got none: it was consumed, or ended in an earlier process`,
      );
    }
    if (task.outcome === 'fulfilled') return task.value;
    this.#core.delivery.failures.delivered(task);
    throw task.value;
  }
}
