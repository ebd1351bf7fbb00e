/** `TaskPool`: a pool for any functions. */

import { checkArray, checkIterable } from '../kit/checks.ts';
import { limitToJson } from '../machines/limits.ts';
import type { NoLimits, PoolLimits } from './admission/limit-options.ts';
import { BasePool } from './base-pool.ts';
import type { Recovery } from './core.ts';
import { RepeatFeed } from './feeds/feed.ts';
import { feedOf, plannedOf } from './feeds/items-feed.ts';
import type {
  AnyFunction,
  Awaitable,
  ContextOf,
  Items,
  PassContext,
  TaskFunction,
  TupleFor,
} from './functions/task-types.ts';
import { checkFunction } from './options/check-function.ts';
import type { ApplyOptions, MapOptions, Passing, SubmitOptions } from './options/group-options.ts';
import { applyOptions, mapOptions, poolOptions, submitOptions } from './options/option-tables.ts';
import type { PoolOptions } from './options/pool-options.ts';
import type { PoolLimit } from './pool-limit.ts';
import { runScope } from './scope.ts';
import { NO_ARGS, NO_OPTIONS } from './submissions/making.ts';
import { TaskGroup } from './task-group.ts';

type MapMethod = 'map' | 'starmap' | 'doublestarmap';

/**
 * A pool that runs any functions, with the same arguments or over many items.
 *
 * @example
 * ```ts
 * import { TaskPool } from 'xstate-taskpool';
 *
 * const pool = new TaskPool({ poolSize: 2 });
 * const group = pool.map(async (n: number) => n * n, [1, 2, 3]);
 * await group.results(); // => [1, 4, 9]
 * await pool.gatherAndClose();
 * ```
 */
export class TaskPool<const L extends PoolLimits = NoLimits> extends BasePool {
  declare readonly limits: { readonly [N in keyof L]: PoolLimit };

  /**
   * Creates an open pool.
   *
   * @param options see {@link PoolOptions}. Default: a pool without limits.
   * @throws RangeError, TypeError, NotAFunction for invalid options.
   */
  constructor(options?: PoolOptions<L>);
  /** @internal */
  constructor(options: PoolOptions<L>, recovery: Recovery);
  constructor(options: PoolOptions<L> = {}, recovery?: Recovery) {
    // As in `new TaskPool(fn, 4)`, the second argument may be anything.
    if (recovery?.state === undefined) poolOptions.check('new TaskPool()', options);
    super('TaskPool', options, recovery);
  }

  /**
   * Runs `body` with a new pool. When it returns, the pool finishes its work and is closed; when it throws,
   * everything is cancelled with its error, which is then rethrown.
   *
   * @throws when `body` returns: what `gatherAndClose()` throws.
   * @throws when `body` throws: its error or, if tasks have failed with errors that nobody has awaited, an
   * AggregateError of its error, which is also the `cause`, and theirs.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const lengths = await TaskPool.scope({ poolSize: 2 }, (pool) =>
   *   pool.map(async (word: string) => word.length, ['a', 'bc']).results(),
   * );
   * lengths; // => [1, 2]
   * ```
   */
  static async scope<T, const L extends PoolLimits = NoLimits>(
    options: PoolOptions<L>,
    body: (pool: TaskPool<L>) => T | PromiseLike<T>,
  ): Promise<T> {
    checkFunction('body', body);
    return runScope(new TaskPool(options), body);
  }

  /**
   * Runs `fn(...args, context)` `num` times.
   *
   * @throws NotAFunction, TypeError, RangeError for invalid arguments.
   * @throws PoolIsClosed, PoolIsLocked, QueueFull, TaskGroupAlreadyExists
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const add = async (a: number, b: number) => a + b;
   * await pool.apply(add, [1, 2], { num: 3 }).results(); // => [3, 3, 3]
   * await pool.gatherAndClose();
   * ```
   */
  apply<R, const A extends readonly unknown[] = [], const P extends PassContext = true>(
    fn: TaskFunction<A, R, P>,
    args?: A,
    options?: Passing<P, ApplyOptions<NoInfer<A>, L>>,
  ): TaskGroup<Awaited<R>>;
  apply(
    fn: AnyFunction,
    args: readonly unknown[] = [],
    options: ApplyOptions = {},
  ): TaskGroup<unknown> {
    checkFunction('fn', fn);
    checkArray('args', args);
    applyOptions.check('apply()', options);
    const { num = 1 } = options;
    return TaskGroup.make(this.core, {
      method: 'apply',
      fn,
      spreads: true,
      numConcurrent: null,
      planned: num,
      given: args,
      feed: new RepeatFeed(args, num),
      options,
    });
  }

  /**
   * Runs `fn(...args, context)` once, as soon as a slot is free, and returns a promise of its result. Never throws:
   * the promise rejects with what `apply` would throw. Failures are only reported by the promise, not by
   * `gatherAndClose()`; a cancellation that nobody awaits is no unhandled rejection.
   *
   * All submissions of a function belong to one group, `submit-<function>` or `groupName`. A submission becomes a
   * task, with an id and events, when it is next in line; until then it only costs the memory of its arguments and
   * its promise.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool({ poolSize: 2 });
   * const add = async (a: number, b: number) => a + b;
   * await pool.submit(add, [1, 2]); // => 3
   * await pool.gatherAndClose();
   * ```
   */
  submit<R, const A extends readonly unknown[] = [], const P extends PassContext = true>(
    fn: TaskFunction<A, R, P>,
    args?: A,
    options?: Passing<P, SubmitOptions<L>>,
  ): Promise<Awaited<R>>;
  submit(
    fn: AnyFunction,
    args: readonly unknown[] = NO_ARGS,
    options: SubmitOptions = NO_OPTIONS,
  ): Promise<unknown> {
    try {
      checkFunction('fn', fn);
      checkArray('args', args);
      if (options !== NO_OPTIONS) submitOptions.check('submit()', options);
      this.core.checkAccepts(!this.core.submissions.isDuplicate(options));
      return this.core.submissions.submit(fn, args, this.#withDefaults(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Runs `fn(item, context)` for each item, at most `numConcurrent` at once. By default that is limited by `poolSize`
   * only, or 1 in a pool without a size. Items are pulled when they are needed, so the source may be endless. An item
   * that is a promise is awaited in the slot of its task; the task is rejected if the promise rejects, and cancelling
   * the task ends the wait.
   *
   * @throws NotAFunction, TypeError, RangeError for invalid arguments.
   * @throws PoolIsClosed, PoolIsLocked, QueueFull, TaskGroupAlreadyExists
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const length = async (word: string) => word.length;
   * await pool.map(length, ['a', 'bc'], { numConcurrent: 2 }).results(); // => [1, 2]
   * await pool.gatherAndClose();
   * ```
   */
  map<T, R, const P extends PassContext = true>(
    fn: (item: T, ...context: ContextOf<P>) => R,
    items: Items<Awaitable<T>>,
    options?: Passing<P, MapOptions<NoInfer<T>, L>>,
  ): TaskGroup<Awaited<R>>;
  map(fn: AnyFunction, items: Items<unknown>, options: MapOptions = {}): TaskGroup<unknown> {
    return this.#map('map', fn, items, options);
  }

  /**
   * Like {@link map}, for tuples of arguments: runs `fn(...tuple, context)`. A tuple must be an array; for any other
   * item the task is rejected with a TypeError that names the item.
   *
   * @example
   * ```ts
   * import { TaskPool } from 'xstate-taskpool';
   *
   * const pool = new TaskPool();
   * const power = async (base: number, exponent: number) => base ** exponent;
   * const tuples: [number, number][] = [
   *   [2, 3],
   *   [3, 2],
   * ];
   * await pool.starmap(power, tuples).results(); // => [8, 9]
   * await pool.gatherAndClose();
   * ```
   */
  starmap<R, A extends readonly unknown[] | [], const P extends PassContext = true>(
    fn: TaskFunction<A, R, P>,
    tuples: Items<Awaitable<A>>,
    options?: Passing<P, MapOptions<NoInfer<A>, L>>,
  ): TaskGroup<Awaited<R>>;
  starmap<R, A extends readonly unknown[]>(
    fn: (...args: A) => R,
    tuples: Items<Awaitable<TupleFor<A>>>,
    options?: MapOptions<NoInfer<A>, L>,
  ): TaskGroup<Awaited<R>>;
  starmap(fn: AnyFunction, tuples: Items<unknown>, options: MapOptions = {}): TaskGroup<unknown> {
    return this.#map('starmap', fn, tuples, options);
  }

  /** Like {@link map}, for objects of named arguments: runs `fn(object, context)`. */
  doublestarmap<T extends object, R, const P extends PassContext = true>(
    fn: (named: T, ...context: ContextOf<P>) => R,
    objects: Items<Awaitable<T>>,
    options?: Passing<P, MapOptions<NoInfer<T>, L>>,
  ): TaskGroup<Awaited<R>>;
  doublestarmap(
    fn: AnyFunction,
    objects: Items<object>,
    options: MapOptions = {},
  ): TaskGroup<unknown> {
    return this.#map('doublestarmap', fn, objects, options);
  }

  /** The options of a submission with the defaults of the pool, if it has any. */
  #withDefaults(options: SubmitOptions): SubmitOptions {
    const { defaults } = this.core.calls;
    if (defaults === undefined) return options;
    return options === NO_OPTIONS ? defaults : submitOptions.fill(options, defaults);
  }

  /**
   * The size of the pool limits the tasks, if it has one; otherwise an endless source would be pulled without end.
   */
  get #defaultConcurrency(): number {
    return this.poolSize === Number.POSITIVE_INFINITY ? 1 : Number.POSITIVE_INFINITY;
  }

  #map<R>(
    method: MapMethod,
    fn: AnyFunction,
    items: Items<unknown>,
    options: MapOptions,
  ): TaskGroup<R> {
    checkFunction('fn', fn);
    checkIterable('items', items);
    mapOptions.check(`${method}()`, options);
    const { numConcurrent = this.defaults.numConcurrent ?? this.#defaultConcurrency } = options;
    const { prefetch = 0 } = options;
    return TaskGroup.make<R>(this.core, {
      method,
      fn,
      spreads: method === 'starmap',
      numConcurrent: limitToJson(numConcurrent),
      planned: plannedOf(items),
      given: items,
      prefetch,
      feed: (_group, onReady) => feedOf(items, onReady, prefetch),
      options,
    });
  }
}
