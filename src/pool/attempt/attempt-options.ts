/** The options for timeouts and retries. */

import type { Jitter } from '../../events/events.ts';

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
