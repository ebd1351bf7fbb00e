/** The options of pools and of their methods. */

import type { InspectionEvent, Observer } from 'xstate';
import type { PoolEvent, Retain } from '../../events/events.ts';
import type { MemoryLimits } from '../../journal/event-history.ts';
import type { PoolLimits } from '../admission/limit-options.ts';
import type { AttemptOptions } from '../attempt/attempt-options.ts';
import type { TaskContext } from '../functions/task-context.ts';
import type { TaskFunctions } from '../functions/task-types.ts';
import type { CheckpointPlan } from '../persistence/checkpoint-plan.ts';
import type { JournalStore } from '../persistence/journal.ts';
import type { Clock } from '../turn/clock.ts';
import type { DefaultOptions, IsCancellation, KeepResults, TaskCallback } from './group-options.ts';

/** Where a pool and the `log` of its tasks write; `console` is one. */
export interface Logger {
  info(...data: unknown[]): void;
  error(...data: unknown[]): void;
}

/**
 * Wraps each attempt of each task: calls `run`, and returns what that resolves to, or something else
 * in its place. What it throws is what the task fails with. Without calling `run` the function does
 * not run. The slot is held until all that it has run has settled; after that `run` rejects with AlreadyEnded.
 */
export type Middleware = (task: TaskContext, run: () => Promise<unknown>) => unknown;

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
   * were rejected, nothing, or the given number of the most recent ones. Failures that no one asked for are kept for `flush()`
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
   * When the actor of a task is made: once someone looks, or with the task. Apart from the cost
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
   * `numConcurrent` is for `map` and the methods like it, and `onError` not for `submit`. Default: none.
   */
  readonly defaults?: DefaultOptions<L>;
  /** Wraps each attempt of each task, for tracing for instance. Default: none. */
  readonly around?: Middleware;
  /**
   * Where the pool gets the time from, and its timers: the `SimulatedClock` of
   * `xstate-taskpool/testing` is one. It has to say what time it is, or the constructor throws TypeError;
   * later a time that is no finite number counts as the last one that was. Default: that of the platform.
   */
  readonly clock?: Clock;
  /**
   * How much may be pending, as `numPending` counts, before new calls are refused with `QueueFull`. A
   * call is accepted whole if less was pending before; one that joins another by its `unique` key adds
   * nothing, and is not refused. Default: `Infinity`.
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
  /** Stores a checkpoint in the journal after this many events, for a store other than memory. */
  readonly checkpoints?: CheckpointPlan;
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
  /** Why: the `cause` of the `PoolSuspended` with which waits reject. */
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
   * Begin with the events that the journal in memory holds, and continue with those that follow: the only
   * way to get `pool.created`, which is recorded before anyone can subscribe, and `pool.recovered`.
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
  /** Only tasks whose signal was aborted more than this many milliseconds ago. Default: 0. */
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
