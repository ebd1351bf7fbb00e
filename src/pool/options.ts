/** What callers may pass to pools and to the methods that make groups. */

import type { InspectionEvent, Observer } from 'xstate';
import type { Jitter, LimitKey, OnError, PoolEvent, Retain } from '../events.ts';
import type { MemoryLimits } from '../journal/event-history.ts';
import type { LimitOptions } from './admission/limit-options.ts';
import type { KeyOf } from './admission/terms.ts';
import type { Clock } from './engine/clock.ts';
import type { CheckpointPlan } from './persistence/checkpoint-plan.ts';
import type { JournalStore } from './persistence/journal.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskFunctions } from './task-types.ts';

/** Where a pool and the `log` of its tasks write; `console` is one. */
export interface Logger {
  info(...data: unknown[]): void;
  error(...data: unknown[]): void;
}

/** Called with the id of a task. May be asynchronous. */
export type TaskCallback = (id: number) => unknown;

/**
 * Decides whether an error that a function threw after its signal was aborted is due to that. It is
 * asked only where the error is neither the reason of the abort nor an AbortError, nor made of such.
 */
export type IsCancellation = (error: unknown, signal: AbortSignal) => boolean;

/**
 * Wraps each attempt of each task: calls `run`, and returns what that resolves to, or something else
 * in its place. What it throws is what the task fails with. Without calling `run` the function does
 * not run.
 */
export type Middleware = (task: TaskContext, run: () => Promise<unknown>) => unknown;

/** The limits of a pool, by their names. */
export type PoolLimits = Readonly<Record<string, LimitOptions>>;

/** Those of a pool without any. */
export type NoLimits = Readonly<Record<never, never>>;

/** Options of a pool; `L`: its limits. */
export interface PoolOptions<L extends PoolLimits = PoolLimits> {
  /** How many tasks may run at once. Default: `Infinity`. */
  readonly poolSize?: number;
  /** Names the pool in its events and in `toString()`. Default: a number that counts up. */
  readonly name?: string;
  /** When aborted, everything is cancelled with its reason and the pool closes. */
  readonly signal?: AbortSignal;
  /**
   * What to remember of ended tasks until `flush()` or the end of the pool: everything, those that
   * were rejected, nothing, or the most recent so many. Failures that nobody asked for are kept for `flush()`
   * and `gatherAndClose()` besides, the first 1,000 of those that are not remembered. Default: 10,000.
   */
  readonly retain?: Retain;
  /**
   * Where events go: `{ size, bytes }` keeps so many of the most recent ones in memory, a
   * {@link JournalStore} gets them all. Default: `{ size: 65_536, bytes: 33_554_432 }`.
   */
  readonly journal?: JournalStore | MemoryLimits;
  /**
   * What `pool.journal` keeps in memory beside a store. Once the pool is closed and everything is
   * written, at most 1 MiB of data. Default: as that of `journal`.
   */
  readonly history?: MemoryLimits;
  /** Sees the actors of pool and tasks, as the option of xstate's `createActor`. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
  /**
   * When the actor of a task is made: once somebody looks, or with the task. Apart from the cost
   * there is no difference. Default: `'lazy'`; `inspect` implies `'eager'`.
   */
  readonly actors?: 'lazy' | 'eager';
  /** Gets errors of callbacks and subscribers, and what tasks log. Default: `console`. */
  readonly logger?: Logger;
  /**
   * Which further errors of a cancelled task make it `cancelled` and not `rejected`: true for those.
   * An error that it throws goes to the logger, and the task is rejected. Default: none.
   */
  readonly isCancellation?: IsCancellation;
  /**
   * Whether functions and callbacks run in the async context of the call that made their task: what
   * `AsyncLocalStorage` of Node holds there. Without it a task costs a little less, and runs in the
   * context of whatever let it start. Default: true.
   */
  readonly asyncContext?: boolean;
  /** Whether the journal holds what tasks return, see the option of groups. Default: false. */
  readonly keepResults?: KeepResults;
  /**
   * Options that every call that makes tasks has, unless it says otherwise: `{ timeout: 5_000 }`. Of them
   * `numConcurrent` is for `map` and its kin, and `onError` not for `submit`. Default: none.
   */
  readonly defaults?: DefaultOptions<L>;
  /** Wraps each attempt of each task, for tracing for instance. Default: none. */
  readonly around?: Middleware;
  /**
   * Where the pool gets the time from, and its timers: the `SimulatedClock` of
   * `xstate-taskpool/testing` is one. Default: that of the platform.
   */
  readonly clock?: Clock;
  /**
   * How much may be pending, as `numPending` counts, before new calls are refused with `QueueFull`. A
   * call is accepted whole if less was pending before. Default: `Infinity`.
   */
  readonly maxQueued?: number;
  /**
   * What tasks with the same key may do together, by name: how many run at once, how many start in a
   * time. Groups name the limits that they keep to, and what their keys are. Default: none.
   */
  readonly limits?: L;
  /**
   * In how many milliseconds a task that waits gains as much as one point of priority, so that none waits
   * for ever behind more important ones: a positive number. Default: none, it gains nothing.
   */
  readonly aging?: number;
  /**
   * Functions by the names that the journal is to know them by. With it the journal holds what it
   * takes to continue in another process, by `recoverTaskPool`: each call must be of one of these
   * functions, and its arguments and items must survive JSON, or it throws `NotStorable`. Tasks get
   * copies of what was stored. Without it the journal says what happened, and no more. Takes a store
   * as `journal`.
   */
  readonly functions?: TaskFunctions;
  /** Stores a checkpoint in the journal after so many events, for a store other than memory. */
  readonly checkpoints?: CheckpointPlan;
}

/** A task that has failed. */
export interface FailedTask {
  readonly id: number;
  /** Its place in its group, from 0. */
  readonly index: number;
  readonly groupName: string;
}

/** The attempt that has failed, and whose it was. */
export interface RetryAttempt {
  /** Which attempt of the task it was, from 1. */
  readonly attempt: number;
  readonly task: FailedTask;
}

/**
 * Decides whether a failed task is run again: a number is the delay in milliseconds, `true` stands for
 * that of the policy. What it throws goes to the logger, and the task is not run again.
 */
export type RetryWhen = (error: unknown, attempt: RetryAttempt) => boolean | number;

/** When a failed task is run again. */
export interface RetryOptions {
  /** How many failed attempts of a task are followed by another, from 0 on, or `Infinity`. */
  readonly limit: number;
  /** Milliseconds before the second attempt. Default: 1000. */
  readonly delay?: number;
  /** What the delay is multiplied by after each further failure, from 1 on. Default: 2. */
  readonly factor?: number;
  /** The longest delay, in milliseconds. Default: `Infinity`. */
  readonly maxDelay?: number;
  /**
   * How delays are spread, so that tasks that failed together do not come back together: not at all,
   * evenly from 0 to the delay, or evenly from half of it. Default: `'none'`.
   */
  readonly jitter?: Jitter;
  /** Which failures are followed by another attempt. Default: all of them. */
  readonly when?: RetryWhen;
}

/** How long tasks may take, and how often they are run. */
export interface AttemptOptions {
  /**
   * Milliseconds for each attempt of a task, its `await`ed item included. Then the signal is aborted
   * with `TaskTimedOut`; the slot is held until the function has settled, and whatever it returns or
   * throws, the attempt has failed. Default: `Infinity`.
   */
  readonly timeout?: number;
  /** Milliseconds that a task may wait from its making to its first start. Default: `Infinity`. */
  readonly waitTimeout?: number;
  /**
   * Milliseconds from the making of a task to its end, all attempts included. A task that fails too
   * late for another attempt ends at once. Default: `Infinity`.
   */
  readonly deadline?: number;
  /**
   * How many failed attempts of a task are followed by another one, and when. An error with a number
   * as its `retryAfter` asks for that many milliseconds. Default: 0.
   */
  readonly retry?: number | RetryOptions;
  /**
   * How often a process may die while it runs a task, and the task is run again by a recovered pool.
   * After one more it ends as rejected with `TaskInterrupted`. Default: 5.
   */
  readonly maxInterruptions?: number;
}

/** How long the tasks of a recovered group may take, and how often they are run. */
export interface RecoveredAttemptOptions extends Omit<AttemptOptions, 'retry'> {
  /** What it does not say is as in the journal, but for `when`, which is in no journal. */
  readonly retry?: number | Partial<RetryOptions>;
}

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
   * back; none is pulled while so many wait or are delayed. 0: all start in their order. Default: 1,000.
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

/** Options of `resize`. */
export interface ResizeOptions {
  /** Why: part of the event. Default: none. */
  readonly reason?: string | undefined;
}

/** Options of `flush`. */
export interface FlushOptions {
  /** Resolve with the unread errors instead of rejecting with them. Default: false. */
  readonly returnExceptions?: boolean;
}

/** Options of `gatherAndClose`. */
export interface GatherOptions extends FlushOptions {
  /** When aborted, everything is cancelled with its reason; the pool still closes. */
  readonly signal?: AbortSignal;
  /**
   * How many milliseconds functions have to give in once the signal is aborted. After that the promise
   * rejects with `GaveUpWaiting`, which says what is stuck; the pool closes when that has settled.
   * Default: as long as it takes.
   */
  readonly grace?: number;
}

/** Options of `suspend`. */
export interface SuspendOptions {
  /** How many milliseconds what runs has to finish before it is aborted. Default: 0. */
  readonly grace?: number;
  /** Ends the grace when it aborts. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Why: the `cause` of the `PoolSuspended` that everybody gets who waits. */
  readonly reason?: unknown;
}

/** Options of `ordered`. */
export interface OrderedOptions {
  /**
   * How many values may be done and not taken, from 1 on. Default: twice as many as may run at once, 100
   * where nothing limits that.
   */
  readonly buffer?: number;
}

/** Options of `on`. */
export interface SubscribeOptions {
  /**
   * Begin with the events that the journal in memory holds, and go on with those that follow: the only
   * way to get `pool.created`, which is recorded before anybody can subscribe, and `pool.recovered`.
   * The handler is called in a promise job first. Default: false.
   */
  readonly replay?: boolean;
  /** Ends the subscription when it aborts; with one that is aborted there is none. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the first event ends the subscription. Default: false. */
  readonly once?: boolean;
}

/** Called with each event it was subscribed to. */
export type EventHandler<E = PoolEvent> = (event: E) => void;

/** Options of a `SimpleTaskPool`. */
export interface SimplePoolOptions extends Omit<PoolOptions, 'limits'>, AttemptOptions {
  /** Called once for each task, after it ended. */
  readonly endCallback?: TaskCallback;
  /** Called before the end callback for each task that was cancelled. */
  readonly cancelCallback?: TaskCallback;
}

/** Options of `stuck`. */
export interface StuckOptions {
  /** Only tasks whose signal was aborted more than so many milliseconds ago. Default: 0. */
  readonly longerThan?: number;
}

/** How a queue is made. */
export interface QueueOptions {
  /** Most items that wait in the queue at a time: a positive integer, or `Infinity` (default). */
  readonly maxsize?: number | undefined;
}

/** How long to wait. The context of a task function will do as it stands: `queue.get(context)`. */
export interface WaitOptions {
  /** Ends the wait when it aborts. Default: none, wait as long as it takes. */
  readonly signal?: AbortSignal | undefined;
}
