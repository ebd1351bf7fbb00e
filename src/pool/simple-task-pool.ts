/** `SimpleTaskPool`: a pool of one function that starts and stops tasks by number. */

import { defined } from '../events/event-columns.ts';
import { checkArray, checkCount } from '../kit/checks.ts';
import { OptionBag } from '../kit/option-bag.ts';
import { nameOf } from '../machines/to-json.ts';
import { BasePool } from './base-pool.ts';
import type { Recovery } from './core.ts';
import { RepeatFeed } from './feeds/feed.ts';
import type { AnyFunction, TaskFunction } from './functions/task-types.ts';
import type { Task } from './live/live.ts';
import { checkFunction } from './options/check-function.ts';
import type { GroupOptions } from './options/group-options.ts';
import { ATTEMPTS, CALLBACKS, POOL } from './options/option-tables.ts';
import type { SimplePoolOptions } from './options/pool-options.ts';
import { journalingOf } from './persistence/journal.ts';
import { TaskGroup } from './task-group.ts';

const { limits: _, ...POOL_WITHOUT_LIMITS } = POOL;
const simplePoolOptions = new OptionBag<SimplePoolOptions>({
  ...POOL_WITHOUT_LIMITS,
  ...CALLBACKS,
  ...ATTEMPTS,
});

/** A pool that runs one function with fixed arguments. `R`: what the function resolves to; `A`: its arguments. */
export class SimpleTaskPool<
  R = unknown,
  const A extends readonly unknown[] = readonly unknown[],
> extends BasePool {
  readonly #fn: AnyFunction;
  readonly #args: readonly unknown[];
  readonly #options: GroupOptions;

  /**
   * Creates an open pool; nothing runs before `start()`.
   *
   * @param fn called as `fn(...args, context)`.
   * @throws NotAFunction, RangeError, TypeError for invalid arguments.
   */
  constructor(fn: TaskFunction<[], R | PromiseLike<R>>);
  constructor(fn: TaskFunction<A, R | PromiseLike<R>>, args: A, options?: SimplePoolOptions);
  /** @internal */
  constructor(fn: AnyFunction, args: A, options: SimplePoolOptions, recovery: Recovery);
  constructor(
    fn: AnyFunction,
    args: readonly unknown[] = [],
    options: SimplePoolOptions = {},
    recovery?: Recovery,
  ) {
    checkFunction('fn', fn);
    checkArray('args', args);
    if (recovery === undefined) simplePoolOptions.check('new SimpleTaskPool()', options);
    const { endCallback, cancelCallback, functions } = options;
    const { timeout, waitTimeout, deadline, retry, maxInterruptions } = options;
    if (functions !== undefined) {
      const journaling = recovery?.journaling ?? journalingOf(options);
      journaling?.checkCall(functions, fn, args);
    }
    super('SimpleTaskPool', options, recovery);
    this.#fn = fn;
    this.#args = args;
    this.#options = defined({
      endCallback,
      cancelCallback,
      timeout,
      waitTimeout,
      deadline,
      retry,
      maxInterruptions,
    });
  }

  /** The name of the function. */
  get funcName(): string {
    return nameOf(this.#fn);
  }

  /**
   * Starts `n` more tasks.
   *
   * @throws RangeError, TypeError unless `n` is a non-negative integer.
   * @throws PoolIsClosed, PoolIsLocked, QueueFull
   *
   * @example
   * ```ts
   * import { SimpleTaskPool } from 'xstate-taskpool';
   *
   * const pool = new SimpleTaskPool(async (n: number) => n + 1, [1]);
   * await pool.start(2).results(); // => [2, 2]
   * await pool.gatherAndClose();
   * ```
   */
  start(n: number): TaskGroup<R> {
    checkCount('n', n);
    return TaskGroup.make<R>(this.core, {
      method: 'start',
      fn: this.#fn,
      spreads: true,
      numConcurrent: null,
      planned: n,
      given: this.#args,
      feed: new RepeatFeed(this.#args, n),
      options: this.#options,
    });
  }

  /**
   * Cancels the `n` most recently started tasks that run and are not being cancelled already.
   *
   * @returns their ids, the most recently started first.
   * @throws RangeError, TypeError unless `n` is a non-negative integer.
   */
  stop(n: number): number[] {
    checkCount('n', n);
    const { cancelling, door } = this.core;
    const { running } = door.state;
    const tasks: Task[] = [];
    // Chosen before any is cancelled: a subscriber that cancels some of them must not cause others to be cancelled.
    for (let task = running.last; task !== undefined; task = running.previousOf(task)) {
      if (tasks.length === n) break;
      tasks.push(task);
    }
    cancelling.tasks(tasks, undefined);
    return tasks.map(({ id }) => id);
  }

  /**
   * Cancels all tasks that run, wait to start, or wait for their next attempt.
   *
   * @returns the ids of the cancelled tasks: waiting ones first, then running ones, the youngest first.
   */
  stopAll(): number[] {
    const { door, sources, cancelling } = this.core;
    const waiting: Task[] = [];
    for (const group of door.state.groups) {
      for (const task of group.waiting) waiting.push(task);
      sources.exhaust(group);
    }
    cancelling.tasks(waiting, undefined);
    this.core.scheduler.schedule();
    const ids = waiting.map((task) => task.id).sort((a, b) => b - a);
    return ids.concat(this.stop(door.state.running.length));
  }
}
