/** The options of the methods that start tasks. */

import type { LimitKey, OnError } from '../../events/events.ts';
import type { PoolLimits } from '../admission/limit-options.ts';
import type { KeyOf } from '../admission/terms.ts';
import type { AttemptOptions } from '../attempt/attempt-options.ts';
import type { TaskContext } from '../functions/task-context.ts';

/**
 * Called with the id of a task. May be asynchronous. If it throws, the error is logged and recorded in
 * `callback.failed`.
 */
export type TaskCallback = (id: number) => unknown;

/**
 * Decides whether an error that a function threw after its signal was aborted is due to the abort. Called only if the
 * error neither is nor wraps the reason of the abort or an AbortError.
 */
export type IsCancellation = (error: unknown, signal: AbortSignal) => boolean;

/** Whether results are stored in the journal, and up to which size in bytes of JSON. */
export type KeepResults = boolean | { readonly maxBytes: number };

/**
 * Options of every method that creates a group. `T`: the items from which keys are computed; `L`: the pool's limits.
 */
export interface GroupOptions<T = never, L = PoolLimits> extends AttemptOptions {
  /** The name of the group, unique in the pool. Default: `<method>-<function>-group-<i>`. */
  readonly groupName?: string;
  /** Called once for each task, after it ended. Default: none. */
  readonly endCallback?: TaskCallback;
  /** Called before the end callback for each task that was cancelled. Default: none. */
  readonly cancelCallback?: TaskCallback;
  /** When aborted, the group is cancelled with its reason. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * What happens to the rest of the group when one of its tasks, or its source, fails first. `'continue'`: nothing.
   * `'stop'`: no more items are taken, tasks that exist still run. `'cancel'`: all remaining tasks are cancelled with
   * the error as the reason. No other task of the group starts in between. Default: `'continue'`.
   */
  readonly onError?: OnError;
  /**
   * Whether results are stored in the journal as JSON, so that a recovered pool has the results of tasks that ended
   * before; `{ maxBytes }`: only results up to that size. Larger results, and those that JSON would change, are
   * marked as omitted. Needs a store as the journal. Default: that of the pool.
   */
  readonly keepResults?: KeepResults;
  /** Which other errors of a cancelled task count as cancellations. Default: that of the pool. */
  readonly isCancellation?: IsCancellation;
  /**
   * Tasks of groups with a higher priority start first. Any finite number; can be changed by `group.priority`.
   * Default: 0.
   */
  readonly priority?: number;
  /**
   * Which limits of the pool apply to the group, by name: the key by which the limit counts its tasks, or a function
   * that returns the key for an item. The function is called once, when the item is pulled; if it throws, the task
   * fails with that error. Default: none.
   */
  readonly limits?: { readonly [N in keyof L]?: KeyOf<T> };
  /**
   * How many items are pulled ahead while a limit holds back earlier ones, so that later items can overtake them: no
   * item is pulled while this many tasks of the group wait or are delayed. 0: all start in order. Default: 1,000.
   */
  readonly lookahead?: number;
  /** Whether functions get the {@link TaskContext} as their last argument. Default: true. */
  readonly passContext?: boolean;
  /** Whether its tasks run in the async context of the call (`AsyncLocalStorage`). Default: that of the pool. */
  readonly asyncContext?: boolean;
}

/** Options `O` from which `P` is inferred: whether functions get the context. */
export type Passing<P, O extends GroupOptions> = O & { readonly passContext?: P };

/** Options of `apply`. */
export interface ApplyOptions<T = never, L = PoolLimits> extends GroupOptions<T, L> {
  /** How many tasks to create, a non-negative integer. Default: 1. */
  readonly num?: number;
}

/** Options of `map`, `starmap` and `doublestarmap`. */
export interface MapOptions<T = never, L = PoolLimits> extends GroupOptions<T, L> {
  /**
   * How many tasks of the group may run at once, a positive integer or `Infinity`. Default: `Infinity` in a pool with a finite
   * `poolSize`, which is the limit then, also after it changes; otherwise 1.
   */
  readonly numConcurrent?: number;
  /** How many items of a slow async source are fetched in advance. They are not tasks yet. Default: 0. */
  readonly prefetch?: number;
}

/** What happens to a submission whose `unique` key is in use. */
export type OnDuplicate = 'join' | 'refuse' | 'replace';

/** Options of `submit`: the options of a group that apply to a single task. */
export interface SubmitOptions<L = PoolLimits>
  extends Omit<GroupOptions, 'groupName' | 'signal' | 'onError' | 'limits' | 'lookahead'> {
  /** Which limits of the pool apply to it, by name, each with the key by which it counts. Default: none. */
  readonly limits?: { readonly [N in keyof L]?: LimitKey };
  /** The group of the submission. Default: `submit-<function>`. */
  readonly groupName?: string;
  /**
   * When aborted, the submission is cancelled with its reason; if it has not started, it never runs. Default: none.
   */
  readonly signal?: AbortSignal;
  /**
   * From the call until it has settled, other submissions of the pool with this key are duplicates. Default: none.
   */
  readonly unique?: string;
  /**
   * What happens if this submission is a duplicate. `'join'`: returns the promise of the existing one. `'refuse'`:
   * rejects with `DuplicateTask`. `'replace'`: cancels the existing one and starts after that has settled. Default:
   * `'join'`.
   */
  readonly onDuplicate?: OnDuplicate;
}

/** Options of every call that creates tasks; options of the call itself take precedence. */
export interface DefaultOptions<L = PoolLimits>
  extends Omit<MapOptions, 'groupName' | 'signal' | 'passContext' | 'limits' | 'prefetch'> {
  /** Which limits of the pool apply to all tasks, by name, each with the key by which it counts. Default: none. */
  readonly limits?: { readonly [N in keyof L]?: LimitKey };
}
