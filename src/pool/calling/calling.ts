/**
 * Tracks which user code (function, callback or source) the pool is calling at the moment, to refuse waits that
 * would deadlock: a task that waits for its own end. A function is recognized until its first `await`, and later
 * only if it passes its own context or signal to the wait.
 */

import { WouldDeadlock } from '../../errors.ts';
import { quoted } from '../../kit/printed.ts';
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
  /** The group whose source is being pulled. */
  #source: Group | undefined = undefined;
  readonly #state: PoolState<Task, Group>;

  constructor(state: PoolState<Task, Group>) {
    this.#state = state;
  }

  /** Runs code that is not part of the current call: subscribers and listeners of signals. */
  runOutside(run: () => void): void {
    const { task, callback } = this;
    const source = this.#source;
    this.task = undefined;
    this.callback = undefined;
    this.#source = undefined;
    try {
      run();
    } finally {
      this.task = task;
      this.callback = callback;
      this.#source = source;
    }
  }

  /** Pulls an item from the source of a group, which may run user code. */
  nextOf(group: Group, isInContext: boolean): unknown {
    this.#source = group;
    try {
      return group.feed.next(isInContext);
    } finally {
      this.#source = undefined;
    }
  }

  /**
   * Checks a wait for all functions and callbacks of the pool.
   *
   * @throws WouldDeadlock from a function, a callback or a source of the pool.
   */
  checkWaitForAll(method: string, options: WaitOptions = {}): void {
    const task = this.task ?? this.#ownerOf(options);
    if (task !== undefined) refuse(`${method} outside of tasks`, `function of task ${task.id}`);
    if (this.#source !== undefined) refuse(`${method} outside of sources`, sourceOf(this.#source));
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
   * @throws WouldDeadlock from its source, and from the function or the cancel callback of one of its tasks.
   */
  checkWaitForGroup(method: string, group: Group, options: WaitOptions = {}): void {
    if (this.#source === group) refuse(`${method} of another group`, sourceOf(group));
    const isPart = (task: Task) => task.group === group;
    this.#checkWait(`${method} of another group`, options, isPart, ', which is part of it');
  }

  /**
   * Checks a wait for one task.
   *
   * @throws WouldDeadlock from its function or its cancel callback.
   */
  checkWaitForTask(method: string, task: Task, options: WaitOptions = {}): void {
    this.#checkWait(`${method} of another task`, options, (each) => each === task);
  }

  #checkWait(
    expected: string,
    options: WaitOptions,
    isAwaited: (task: Task) => boolean,
    why = '',
  ): void {
    const task = this.task ?? this.#ownerOf(options);
    if (task !== undefined && isAwaited(task))
      refuse(expected, `function of task ${task.id}${why}`);
    const { callback } = this;
    if (callback?.kind !== 'cancel' || !isAwaited(callback.task)) return;
    refuse(expected, `cancel callback of task ${callback.task.id}${why}`);
  }

  /** The running task whose context or signal is passed to a wait. */
  #ownerOf(options: WaitOptions): Task | undefined {
    const { tasks } = this.#state;
    if (options instanceof Context) {
      const task = Context.taskOf(options);
      return task.state === ACTIVE && tasks.get(task.id) === task ? task : undefined;
    }
    const { signal } = options;
    const id = signal && taskIdOf(signal);
    const task = id === undefined ? undefined : tasks.get(id);
    // The signal may belong to a task of another pool with the same id.
    return task?.state === ACTIVE && signal !== undefined && task.run?.made === signal
      ? task
      : undefined;
  }
}

function sourceOf({ name }: Group): string {
  return `source of ${quoted(name)}`;
}

function refuse(expected: string, place: string): never {
  throw new WouldDeadlock(
    `expected ${expected}, got it called in the ${place}: it would wait for itself`,
  );
}
