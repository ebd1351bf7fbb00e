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
}
