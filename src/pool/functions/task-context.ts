/** The last argument of every task function. */

/** What a running task knows and can do; an options bag as the platform's functions take it. */
export interface TaskContext {
  /** Aborted when the task is cancelled. */
  readonly signal: AbortSignal;
  /** The id of the task in its pool. */
  readonly id: number;
  /** The place of the task in its group, from 0. */
  readonly index: number;
  /** 1, or more for a task that is run again by a recovered pool. */
  readonly attempt: number;
  readonly groupName: string;
  /** What the function is called, as in the events of its group. */
  readonly functionName: string;
  readonly poolName: string;
  /** Records how far the task is: any JSON value. Ignored once the task has ended. */
  readonly report: (progress: unknown) => void;
  /** Writes to the pool's logger, with the names of pool and task in front. */
  readonly log: (...data: unknown[]) => void;
  /**
   * Records that the function has begun elsewhere, `task.placed`: for functions that forward their
   * calls, see {@link REMOTE}. Ignored once this attempt is over. Not copied with the context.
   *
   * @param by where that is, `thread-3` for instance.
   * @throws TypeError unless that is a text with something in it.
   */
  readonly placed: (by: string) => void;
  /**
   * Calls back with the reason when the signal is aborted, at once if it is; not after the attempt is over. For
   * functions that forward their calls: it does not cost what a signal costs. What `callback` throws is reported
   * as an unhandled rejection. Not copied with the context.
   */
  readonly onAbort: (callback: (reason: unknown) => void) => void;
  /**
   * Resolves once the store has all events so far, `task.started` of this attempt among them; at once
   * without a store. Rejects with what the store has failed with. Not copied with the context.
   */
  readonly untilStored: () => Promise<void>;
  /** The pool, as no other pool is. Not copied with the context. */
  readonly pool: PoolIdentity;
  /** False where the option `passContext` is: a remote function is to leave it out over there. */
  readonly isPassed: boolean;
}

/** Which pool it is, in which life. */
export interface PoolIdentity {
  readonly name: string;
  /** 128 random bits, as base64url: names of pools may recur. */
  readonly uid: string;
  /** How often the pool was recovered before this attempt has started. */
  readonly epoch: number;
}
