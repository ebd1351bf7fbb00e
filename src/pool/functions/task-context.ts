/** The last argument of every task function. */

/** The context of a running task. It can be passed as options to functions that take a `signal`, such as `fetch`. */
export interface TaskContext {
  /** Aborted when the task is cancelled or reaches a time limit, with the reason. */
  readonly signal: AbortSignal;
  /** The id of the task in its pool. */
  readonly id: number;
  /** The place of the task in its group, from 0. */
  readonly index: number;
  /** The number of the attempt, from 1; more after a retry, or when a recovered pool runs the task again. */
  readonly attempt: number;
  /** The name of the group of the task. */
  readonly groupName: string;
  /** The name of the function, as in the events of its group. */
  readonly functionName: string;
  /** The name of the pool. */
  readonly poolName: string;
  /**
   * Records the progress of the task, any JSON value, in the event `task.progressed`. Ignored once the task has
   * ended.
   */
  readonly report: (progress: unknown) => void;
  /** Writes to the pool's logger, with the names of pool and task in front. */
  readonly log: (...data: unknown[]) => void;
  /**
   * For remote functions, see {@link REMOTE}: records in the event `task.placed` that the function has started there.
   * Ignored once this attempt is over. Not copied with the context.
   *
   * @param by where it runs, `thread-3` for instance.
   * @throws TypeError unless `by` is a non-empty string.
   */
  readonly placed: (by: string) => void;
  /**
   * For remote functions: calls back with the reason when the signal is aborted, immediately if it already is, never
   * after the attempt is over. Cheaper than `signal`, which is created on first use. What `callback` throws is
   * reported as an unhandled rejection. Not copied with the context.
   */
  readonly onAbort: (callback: (reason: unknown) => void) => void;
  /**
   * Resolves once the store has written all events so far, including `task.started` of this attempt; immediately if
   * there is no store. Rejects with the error of the store if it failed. Not copied with the context.
   */
  readonly untilStored: () => Promise<void>;
  /** The globally unique identity of the pool. Not copied with the context. */
  readonly pool: PoolIdentity;
  /** The option `passContext`: if false, a remote function must not pass the context on. */
  readonly isPassed: boolean;
}

/** Identifies a pool, and how often it was recovered. */
export interface PoolIdentity {
  /** The name of the pool, as in its events. */
  readonly name: string;
  /** 128 random bits as base64url, since names of pools need not be unique. */
  readonly uid: string;
  /** How often the pool had been recovered when this attempt started. */
  readonly epoch: number;
}
