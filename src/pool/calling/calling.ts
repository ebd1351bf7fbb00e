/**
 * Which function of the user's the pool is calling right now: a wait for that very function would
 * never end, and is refused. Known is what a function does before its first `await`; later on it
 * cannot be told from other code, unless it passes its own context or signal.
 */

import { WouldDeadlock } from '../../errors.ts';
import { ACTIVE } from '../../machines/charts.ts';
import type { PoolState } from '../../machines/pool-state.ts';
import type { Group, Task } from '../live/live.ts';
import { taskIdOf } from '../live/signal-mark.ts';
import type { WaitOptions } from '../options/pool-options.ts';
import { Context } from './context.ts';

/** A callback that is being called. */
export interface CallbackCall {
  readonly task: Task;
  readonly kind: 'end' | 'cancel';
}

export class Calling {
  /** The task whose function is being called. Set by the executor, for each task. */
  task: Task | undefined = undefined;
  /** The callback that is being called. */
  callback: CallbackCall | undefined = undefined;
  readonly #state: PoolState<Task, Group>;

  constructor(state: PoolState<Task, Group>) {
    this.#state = state;
  }

  /** Runs code that is not part of what is being called: subscribers and listeners of signals. */
  runOutside(run: () => void): void {
    const { task, callback } = this;
    this.task = undefined;
    this.callback = undefined;
    try {
      run();
    } finally {
      this.task = task;
      this.callback = callback;
    }
  }

  /**
   * Checks a wait for all functions and callbacks of the pool.
   *
   * @throws WouldDeadlock from a function or a callback of the pool.
   */
  checkWaitForAll(method: string, options: WaitOptions = {}): void {
    const task = this.task ?? this.#ownerOf(options);
    if (task !== undefined) refuse(`${method} outside of tasks`, `function of task ${task.id}`);
    this.checkWaitForCallbacks(method);
  }

  /**
   * Checks a wait for all callbacks of the pool.
   *
   * @throws WouldDeadlock from a callback of the pool.
   */
  checkWaitForCallbacks(method: string): void {
    if (this.callback === undefined) return;
    const { kind, task } = this.callback;
    refuse(`${method} outside of callbacks`, `${kind} callback of task ${task.id}`);
  }

  /**
   * Checks a wait for all tasks of a group.
   *
   * @throws WouldDeadlock from a task of the group that has not ended: its function, or its cancel
   * callback.
   */
  checkWaitForGroup(method: string, group: Group): void {
    if (this.task?.group === group) {
      refuse(`${method} of another group`, `function of task ${this.task.id}, which is part of it`);
    }
    const { callback } = this;
    if (callback?.kind !== 'cancel' || callback.task.group !== group) return;
    const { id } = callback.task;
    refuse(`${method} of another group`, `cancel callback of task ${id}, which is part of it`);
  }

  /**
   * Checks a wait for one task.
   *
   * @throws WouldDeadlock from its function, or its cancel callback.
   */
  checkWaitForTask(method: string, task: Task): void {
    if (this.task === task) refuse(`${method} of another task`, `function of task ${task.id}`);
    const { callback } = this;
    if (callback?.kind !== 'cancel' || callback.task !== task) return;
    refuse(`${method} of another task`, `cancel callback of task ${task.id}`);
  }

  /** The running task whose context or signal comes with a wait. */
  #ownerOf(options: WaitOptions): Task | undefined {
    const { tasks } = this.#state;
    if (options instanceof Context) {
      const task = Context.taskOf(options);
      return task.state === ACTIVE && tasks.get(task.id) === task ? task : undefined;
    }
    const { signal } = options;
    const id = signal && taskIdOf(signal);
    const task = id === undefined ? undefined : tasks.get(id);
    // Another pool has tasks with the same ids.
    return task?.state === ACTIVE && signal !== undefined && task.hasSignal(signal)
      ? task
      : undefined;
  }
}

function refuse(expected: string, place: string): never {
  throw new WouldDeadlock(
    `expected ${expected}, got it called in the ${place}: it would wait for itself`,
  );
}
