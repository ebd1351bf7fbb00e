/** What a pool shows of one task. */

import type { ErrorData, Json, Outcome } from '../events.ts';
import { TASK_STATES, type TaskActor, type TaskState } from '../machines/charts.ts';
import type { Actors } from './actors/actors.ts';
import type { Task } from './engine/live.ts';

/** A live view of a task; it stays readable after the pool has forgotten the task. */
export class TaskHandle {
  readonly #task: Task;
  readonly #actors: Actors;

  /** @internal */
  constructor(task: Task, actors: Actors) {
    this.#task = task;
    this.#actors = actors;
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

  /** What its function last reported. */
  get progress(): Json | undefined {
    return this.#task.notes.progress;
  }

  /** Why it was rejected, as plain data. */
  get error(): ErrorData | undefined {
    return this.#task.notes.error;
  }

  /** When it started, in milliseconds since the epoch; undefined if it did not. */
  get startedAt(): number | undefined {
    return this.#task.startedAt;
  }

  /** Its xstate actor. Made on first use; moves with the task from then on. */
  get actor(): TaskActor {
    return this.#actors.of(this.#task);
  }
}
