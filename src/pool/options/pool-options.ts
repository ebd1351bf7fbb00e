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

/** Receives the messages of a pool and what its tasks `log`; `console` is one. */
export interface Logger {
  /** Called with what tasks log. */
  info(...data: unknown[]): void;
  /** Called with errors of callbacks, subscribers and other user code. */
  error(...data: unknown[]): void;
}

/**
 * Wraps each attempt of each task. It calls `run()`, which runs the function, and returns the result of that or
 * another one. If it throws, the attempt fails with that error. If it does not call `run()`, the function does not
 * run. The slot is held until every `run()` has settled; afterwards `run()` rejects with `AlreadyEnded`.
 */
export type Middleware = (task: TaskContext, run: () => Promise<unknown>) => unknown;

/** Options of a pool. `L`: its limits. */
export interface PoolOptions<L extends PoolLimits = PoolLimits> {
  /** How many tasks may run at once: a non-negative integer or `Infinity`. Default: `Infinity`. */
  readonly poolSize?: number;
  /** The name of the pool in its events and in `toString()`. Default: a number that counts up. */
  readonly name?: string;
  /** When aborted, all tasks are cancelled with its reason and the pool closes. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Which ended tasks to remember until `flush()` or the end of the pool: `'all'`, `'errors'` (rejected ones),
   * `'none'`, or a number of the most recent ones. Regardless of this, errors that nobody has awaited are kept for
   * `flush()` and `gatherAndClose()`: of tasks that are not remembered, the first 1,000. Default: 10,000.
   */
  readonly retain?: Retain;
  /**
   * Where events are recorded: a {@link JournalStore} receives all of them; `{ size, bytes }` keeps the most recent
   * ones in memory, at most `size` events with `bytes` bytes of data. Default: `{ size: 65_536, bytes: 33_554_432 }`.
   */
  readonly journal?: JournalStore | MemoryLimits;
  /**
   * How many events `pool.journal` keeps in memory when `journal` is a store. Once the pool is closed and everything
   * is written, it keeps at most 1 MiB of data. Default: `{ size: 65_536, bytes: 33_554_432 }`.
   */
  readonly history?: MemoryLimits;
  /**
   * Observes the actors of the pool and its tasks, like the option `inspect` of xstate's `createActor`. Default:
   * none.
   */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void);
  /**
   * When the actor of a task is created: on first access, or with the task. They only differ in cost. Default:
   * `'lazy'`; `inspect` implies `'eager'`.
   */
  readonly actors?: 'lazy' | 'eager';
  /** Receives errors of callbacks and subscribers, and what tasks log. Default: `console`. */
  readonly logger?: Logger;
  /**
   * Returns true for errors of a cancelled task that mean it was `cancelled`, not `rejected`, in addition to
   * AbortErrors and the reason itself. If it throws, the error goes to the logger and the task is rejected. Default:
   * none.
   */
  readonly isCancellation?: IsCancellation;
  /**
   * Whether functions and callbacks run in the async context of the call that created their task, so that Node's
   * `AsyncLocalStorage` has the same value in them. With `false` tasks cost a little less, and their context is
   * unspecified. Default: true.
   */
  readonly asyncContext?: boolean;
  /** Whether results are stored in the journal, see the option of groups. Default: false. */
  readonly keepResults?: KeepResults;
  /**
   * Options of every call that creates tasks, such as `{ timeout: 5_000 }`; options of the call itself take
   * precedence. `numConcurrent` applies to `map`, `starmap` and `doublestarmap` only, `onError` not to `submit`.
   * Default: none.
   */
  readonly defaults?: DefaultOptions<L>;
  /** Wraps each attempt of each task, for example for tracing. Default: none. */
  readonly around?: Middleware;
  /**
   * The clock and the timers of the pool, such as the `SimulatedClock` of `xstate-taskpool/testing`. The constructor
   * throws TypeError if `now()` does not return a finite number; later such a reading is ignored and the last valid
   * one is used. Default: the clock of the platform.
   */
  readonly clock?: Clock;
  /**
   * How many tasks may be pending, as counted by `numPending`, before new calls are refused with `QueueFull`. A call
   * is accepted with all its tasks if fewer were pending before it. A submission that joins another one by its
   * `unique` key is not counted and never refused. Default: `Infinity`.
   */
  readonly maxQueued?: number;
  /**
   * Named limits: how many tasks with the same key may run at once, and how many may start in a period of time. The
   * option `limits` of a group selects which limits apply to it, and by which keys. Default: none.
   */
  readonly limits?: L;
  /**
   * The milliseconds of waiting that raise the priority of a task by 1, so that no task waits forever behind more
   * important ones: a positive number. Default: none, priorities do not change by waiting.
   */
  readonly aging?: number;
  /**
   * The functions of the pool, by the names under which the journal stores them. With this option the journal has all
   * that another process needs to continue the work with `recoverTaskPool`. Each call must use one of these
   * functions, and its arguments and items must survive JSON; otherwise it throws `NotStorable`. Tasks get copies of
   * what was stored. Needs a store as `journal`. Default: none, the journal only records what happened.
   */
  readonly functions?: TaskFunctions;
  /**
   * Stores a checkpoint in the journal after every so many events. Needs a store as `journal`; a `MemoryStore`
   * ignores it. Default: none.
   */
  readonly checkpoints?: CheckpointPlan;
}

/** Options of `resize`. */
export interface ResizeOptions {
  /** Why, as the `reason` of the event `pool.resized`. Default: none. */
  readonly reason?: string | undefined;
}

/** Options of `flush`. */
export interface FlushOptions {
  /** Resolve with the errors that nobody has awaited instead of rejecting with them. Default: false. */
  readonly returnExceptions?: boolean;
}

/** Options of `gatherAndClose`. */
export interface GatherOptions extends FlushOptions {
  /** When aborted, all tasks are cancelled with its reason; the pool still closes. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * How many milliseconds functions have to settle once the signal is aborted. After that the promise rejects with
   * `GaveUpWaiting`, which lists the stuck tasks; the pool closes when they have settled. Needs `signal`. Default: no
   * limit.
   */
  readonly grace?: number;
}

/** Options of `ordered`. */
export interface OrderedOptions {
  /**
   * How many values may be done but not yet consumed: a positive integer or `Infinity`. Default: twice as many
   * as may run at once, or 100 if that is not limited.
   */
  readonly buffer?: number;
}

/** Options of `on`. */
export interface SubscribeOptions {
  /**
   * Start with the events in the journal in memory, then continue with new ones. This is the only way to receive
   * `pool.created` and `pool.recovered`, which are recorded before anyone can subscribe. The first call of the
   * handler is in a promise job, not within `on()`. Default: false.
   */
  readonly replay?: boolean;
  /** Ends the subscription when aborted; if it is already aborted, nothing is subscribed. Default: none. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the first event ends the subscription. Default: false. */
  readonly once?: boolean;
}

/** Called with each event of the subscribed type. */
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

/** Options of a {@link Queue}. */
export interface QueueOptions {
  /** The most items in the queue: a positive integer or `Infinity`. Default: `Infinity`. */
  readonly maxsize?: number | undefined;
}

/** Options of methods that wait. The context of a task function can be passed as it is: `queue.get(context)`. */
export interface WaitOptions {
  /** Ends the wait when aborted. Default: none, no limit. */
  readonly signal?: AbortSignal | undefined;
}
