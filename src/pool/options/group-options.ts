/** The options of the methods that start tasks. */

import type { LimitKey, OnError } from '../../events/events.ts';
import type { PoolLimits } from '../admission/limit-options.ts';
import type { KeyOf } from '../admission/terms.ts';
import type { AttemptOptions } from '../attempt/attempt-options.ts';
import type { TaskContext } from '../functions/task-context.ts';

/** Called with the id of a task. May be asynchronous. */
export type TaskCallback = (id: number) => unknown;

/**
 * Decides whether an error that a function threw after its signal was aborted is due to that. It is
 * asked only where the error is neither the reason of the abort nor an AbortError, nor made of such.
 */
export type IsCancellation = (error: unknown, signal: AbortSignal) => boolean;

/** Whether results go into the journal, and up to which size. */
export type KeepResults = boolean | { readonly maxBytes: number };

/** Options of every method that makes a group; `T`: what keys are made of; `L`: the pool's limits. */
export interface GroupOptions<T = never, L = PoolLimits> extends AttemptOptions {
  /** Default: `<method>-<function>-group-<i>`. */
  readonly groupName?: string;
  /** Called once for each task, after it ended. */
  readonly endCallback?: TaskCallback;
  /** Called before the end callback for each task that was cancelled. */
  readonly cancelCallback?: TaskCallback;
  /** When aborted, the group is cancelled with its reason. */
  readonly signal?: AbortSignal;
  /**
   * What the first failure of one of its tasks, or of its source, does to the rest of the group, before
   * another task of it can start: nothing; `'stop'` takes no more items, and what was taken runs;
   * `'cancel'` cancels what is left of the group, with the error as the reason. Default: `'continue'`.
   */
  readonly onError?: OnError;
  /**
   * Whether what tasks return goes into the journal with their end, as JSON, so that a pool that is
   * recovered from it has the results of what had ended; `maxBytes`: up to that size. What JSON would
   * change is marked as omitted. Needs a store as the journal. Default: that of the pool.
   */
  readonly keepResults?: KeepResults;
  /** Which further errors of a cancelled task are cancellations. Default: that of the pool. */
  readonly isCancellation?: IsCancellation;
  /**
   * The higher, the sooner the tasks of the group start, compared with those that wait in other groups.
   * Any finite number; may be changed by `group.priority`. Default: 0.
   */
  readonly priority?: number;
  /**
   * Which limits of the pool the group keeps to: the key by which each counts its tasks, or a function
   * that gives the key for an item. It is called once, when the item is pulled; what it throws is what
   * the task fails with. Default: none.
   */
  readonly limits?: { readonly [N in keyof L]?: KeyOf<T> };
  /**
   * How many items are pulled beyond what can start, so that others go past those that a limit holds
   * back; none is pulled while this many wait or are delayed. 0: all start in their order. Default: 1,000.
   */
  readonly lookahead?: number;
  /** Whether functions get the {@link TaskContext} as their last argument. Default: true. */
  readonly passContext?: boolean;
  /** Whether its tasks run in the async context of the call. Default: that of the pool. */
  readonly asyncContext?: boolean;
}

/** Options that leave the context in. */
export type WithContext<O extends GroupOptions> = O & { readonly passContext?: true };

/** Options that leave the context out. */
export type WithoutContext<O extends GroupOptions> = O & { readonly passContext: false };

/** Options of `apply`. */
export interface ApplyOptions<T = never, L = PoolLimits> extends GroupOptions<T, L> {
  /** How many tasks to make. Default: 1. */
  readonly num?: number;
}

/** Options of `map`, `starmap` and `doublestarmap`. */
export interface MapOptions<T = never, L = PoolLimits> extends GroupOptions<T, L> {
  /**
   * How many tasks of the group may run at once. Default: in a pool of finite size `Infinity`, so that
   * `poolSize` governs, also when it changes; otherwise 1.
   */
  readonly numConcurrent?: number;
  /**
   * How many items of an async source are fetched before they are needed: for one that is slow. They are
   * not tasks yet. Default: 0.
   */
  readonly prefetch?: number;
}

/** What becomes of a submission whose key another one has. */
export type OnDuplicate = 'join' | 'refuse' | 'replace';

/** Options of `submit`: those of a group that make sense for one task. */
export interface SubmitOptions<L = PoolLimits>
  extends Omit<GroupOptions, 'groupName' | 'signal' | 'onError' | 'limits' | 'lookahead'> {
  /** Which limits of the pool it keeps to, each with the key by which it counts. Default: none. */
  readonly limits?: { readonly [N in keyof L]?: LimitKey };
  /** The group of the submission. Default: `submit-<function>`. */
  readonly groupName?: string;
  /** When aborted, the submission is cancelled with its reason: it never runs if it has not started. */
  readonly signal?: AbortSignal;
  /** From the call to its outcome, another submission of the pool with this key is a duplicate. */
  readonly unique?: string;
  /**
   * What becomes of this submission if it is a duplicate: it gets the promise of the one that there is,
   * rejects with `DuplicateTask`, or cancels the one that there is and starts when that has settled.
   * Default: `'join'`.
   */
  readonly onDuplicate?: OnDuplicate;
}

/** Options that every call that makes tasks has, unless it says otherwise. */
export interface DefaultOptions<L = PoolLimits>
  extends Omit<MapOptions, 'groupName' | 'signal' | 'passContext' | 'limits' | 'prefetch'> {
  /** Which limits of the pool all tasks keep to, each with the key by which it counts. Default: none. */
  readonly limits?: { readonly [N in keyof L]?: LimitKey };
}
