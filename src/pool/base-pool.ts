/** The common base of both kinds of pools: everything except starting tasks. */

import { TaskGroupNotFound } from '../errors.ts';
import { Code } from '../events/event-codes.ts';
import { checkFinite, checkLimit } from '../kit/checks.ts';
import { quoted } from '../kit/printed.ts';
import { groupNamed, taskOf, unfinished } from './find.ts';
import { Task } from './live/live.ts';
import { checkFunction } from './options/check-function.ts';
import { resizeOptions } from './options/option-tables.ts';
import type { Middleware, ResizeOptions } from './options/pool-options.ts';
import { TaskGroup } from './task-group.ts';
import { TaskHandle } from './task-handle.ts';
import type { Explanation } from './wait-reason.ts';
import { WaitablePool } from './waitable-pool.ts';

/** The common part of {@link TaskPool} and {@link SimpleTaskPool}. */
export abstract class BasePool extends WaitablePool {
  /** How many tasks may run at once. Can be changed at any time; reads as the value that was set. */
  get poolSize(): number {
    return this.core.door.state.poolSize;
  }

  /**
   * A larger size starts waiting tasks immediately; a smaller one stops no running task.
   *
   * @throws RangeError, TypeError unless it is a non-negative integer or `Infinity`.
   * @throws PoolIsClosed if the pool is closed.
   */
  set poolSize(size: number) {
    checkLimit('poolSize', size);
    this.core.resize(size);
  }

  /**
   * Sets {@link poolSize}; the option `reason` is recorded in the event `pool.resized`.
   *
   * @throws RangeError, TypeError unless `size` is a non-negative integer or `Infinity`.
   * @throws PoolIsClosed if the pool is closed.
   */
  resize(size: number, options: ResizeOptions = {}): void {
    resizeOptions.check('resize()', options);
    checkLimit('size', size);
    this.core.resize(size, options.reason);
  }

  /** Refuses new calls with `PoolIsLocked`; accepted work is finished. */
  lock(): void {
    this.core.lock();
  }

  /**
   * Accepts new calls again.
   *
   * @throws PoolIsClosed if the pool is closing or closed.
   */
  unlock(): void {
    this.core.unlock();
  }

  /**
   * Starts no more tasks until `resume()`. Calls are still accepted, running tasks are finished, and tasks can be
   * cancelled. A paused pool does not finish closing until it is resumed or its remaining tasks are cancelled. Does
   * nothing if it is already paused.
   *
   * @throws PoolIsClosed if the pool is closed.
   */
  pause(): void {
    this.core.pause();
  }

  /**
   * Lets tasks start again. Does nothing unless the pool is paused.
   *
   * @throws PoolIsClosed if the pool is closed.
   */
  resume(): void {
    this.core.resume();
  }

  /**
   * Wraps each attempt that starts from now on, like the option `around`. The middleware added last is the outermost.
   *
   * @returns a function that removes it; running attempts keep it.
   * @throws NotAFunction if `middleware` is not a function.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const remove = pool.around(async (_task, run) => `<${await run()}>`);
   * await pool.apply(() => 1).results(); // => ['<1>']
   * remove();
   * await pool.apply(() => 2).results(); // => [2]
   * await pool.gatherAndClose();
   * ```
   */
  around(middleware: Middleware): () => void {
    checkFunction('middleware', middleware);
    return this.core.executor.wrap(middleware);
  }

  /**
   * The ids of the remembered tasks of the named groups.
   *
   * @throws TaskGroupNotFound if the pool has no group of one of the names.
   */
  getGroupIds(...names: string[]): Set<number> {
    const ids = new Set<number>();
    for (const group of names.map((name) => groupNamed(this.core, name))) {
      for (const { id } of group.tasks) ids.add(id);
    }
    return ids;
  }

  /** Handles of all groups, in order of creation. Cancelled and flushed groups are not included. */
  get groups(): TaskGroup<unknown>[] {
    return Array.from(this.core.door.state.groups, (group) => new TaskGroup(this.core, group));
  }

  /** Whether the pool has a group of that name. Cancelled and flushed groups do not count. */
  hasGroup(name: string): boolean {
    return this.core.door.state.groups.has(name);
  }

  /**
   * The handle of the group with this name, equivalent to the one returned by the call that created it.
   *
   * @throws TaskGroupNotFound if the pool has no group of that name.
   */
  group(name: string): TaskGroup<unknown> {
    return new TaskGroup(this.core, groupNamed(this.core, name));
  }

  /**
   * The handle of a task that the pool remembers.
   *
   * @throws TaskNotFound if the pool does not remember a task with this id.
   */
  task(id: number): TaskHandle {
    return new TaskHandle(taskOf(this.core, id), this.core);
  }

  /**
   * Cancels tasks. A waiting task ends immediately; the signal of a running task is aborted, and it keeps its slot
   * until its function settles. Every id is checked before anything is cancelled. Cancelling a task again while its
   * function is settling does nothing.
   *
   * A submission can also be cancelled by its `unique` key, even before it is a task.
   *
   * @param ids the ids or keys, or an array of them followed by the reason.
   * @throws TaskNotFound, AlreadyCancelled, AlreadyEnded, TypeError
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool({ poolSize: 1 });
   * const group = pool.apply(async () => 1);
   * pool.cancel([...group.ids], 'not needed');
   * const [result] = await group.settled();
   * result?.status; // => 'cancelled'
   * await pool.gatherAndClose();
   * ```
   */
  cancel(...ids: number[]): void;
  cancel(...keys: string[]): void;
  cancel(ids: Iterable<number | string> & object, reason?: unknown): void;
  cancel(...args: unknown[]): void {
    const [first, second] = args;
    const isList = typeof first === 'object' && first !== null && Symbol.iterator in first;
    const ids = isList ? [...(first as Iterable<number | string>)] : (args as (number | string)[]);
    const reason = isList ? second : undefined;
    const found = ids.map((id) => unfinished(this.core, id));
    this.core.cancelling.tasks(
      found.filter((each) => each instanceof Task),
      reason,
    );
    for (const each of found) {
      if (!(each instanceof Task)) this.core.submissions.cancel(each, reason);
    }
  }

  /**
   * Why a task does not run, or why a group starts no more tasks: as data and as a sentence.
   *
   * @param what the id of a task, the `unique` key of a submission, or a group or its name. A string that is both a
   * key and a name is taken as the key.
   * @throws TaskNotFound, TaskGroupNotFound
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool({ poolSize: 0 });
   * const group = pool.apply(() => 1, [], { groupName: 'mine' });
   * pool.explain(group).reason; // => { why: 'full', poolSize: 0 }
   * pool.explain(0).sentence; // => "task 0 of 'mine' waits: the size of the pool is 0"
   * group.cancel();
   * await pool.gatherAndClose();
   * ```
   */
  explain(what: number | string | TaskGroup<unknown>): Explanation {
    const { explainer } = this.core;
    if (typeof what === 'number') return explainer.task(taskOf(this.core, what));
    const submission = typeof what === 'string' && this.core.submissions.keys.get(what);
    if (submission) return explainer.submission(submission);
    return explainer.group(groupNamed(this.core, nameOf(what)));
  }

  /**
   * Sets the priority of a task or, by its `unique` key, of a submission, instead of that of its group: tasks with a
   * higher priority start first. For a running task it applies to the next attempt.
   *
   * @throws TaskNotFound, AlreadyCancelled, AlreadyEnded, TypeError, RangeError unless it is a finite
   * number.
   */
  setPriority(id: number | string, priority: number): void {
    checkFinite('priority', priority);
    const found = unfinished(this.core, id);
    if (!(found instanceof Task)) {
      this.core.submissions.prioritise(found, priority);
      return;
    }
    if (found.notes.priority !== priority) {
      this.core.door.record(Code.taskPrioritised, found, 0, priority);
    }
  }

  /**
   * Cancels a group: its source is stopped, and its waiting and running tasks are cancelled. Its name can be used
   * again immediately.
   *
   * @throws TaskGroupNotFound if the pool has no such group.
   */
  cancelGroup(group: string | TaskGroup<unknown>, reason?: unknown): void {
    const record = groupNamed(this.core, nameOf(group));
    if (typeof group === 'object' && TaskGroup.groupOf(group) !== record) {
      throw new TaskGroupNotFound(
        `expected a group of ${this} that was not cancelled, got ${quoted(group)}`,
      );
    }
    this.core.cancelling.wholeGroup(record, reason);
  }

  /**
   * Cancels all work that has not started: no more items are taken from the sources of the groups, and tasks that
   * wait for a slot or for their next attempt are cancelled. Running tasks are finished.
   */
  cancelQueued(reason?: unknown): void {
    for (const group of [...this.core.door.state.groups])
      this.core.cancelling.queued(group, reason);
  }

  /** Cancels every group, as `cancelGroup()` does. */
  cancelAll(reason?: unknown): void {
    this.core.cancelling.all(reason);
  }
}

/** The name of a group given by its name or its handle, which may come from another copy of this library. */
function nameOf(group: string | TaskGroup<unknown>): string {
  return typeof group === 'object' && group !== null ? group.name : group;
}
