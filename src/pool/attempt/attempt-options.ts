/** The options for timeouts and retries. */

import type { Jitter } from '../../events/events.ts';

/** The task of a failed attempt. */
export interface FailedTask {
  /** The id of the task. */
  readonly id: number;
  /** Its place in its group, from 0. */
  readonly index: number;
  /** The name of its group. */
  readonly groupName: string;
}

/** A failed attempt and its task. */
export interface RetryAttempt {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  /** The task whose attempt has failed. */
  readonly task: FailedTask;
}

/**
 * Decides whether a failed task is retried: `true` retries it after the delay of the policy, a number after that many
 * milliseconds. If it throws, the error goes to the logger and the task is not retried.
 */
export type RetryWhen = (error: unknown, attempt: RetryAttempt) => boolean | number;

/** When a failed task is retried. */
export interface RetryOptions {
  /** How many failed attempts of a task are retried: a non-negative integer or `Infinity`. */
  readonly limit: number;
  /** Milliseconds before the second attempt. Default: 1000. */
  readonly delay?: number;
  /** The factor by which the delay grows after each further failure, at least 1. Default: 2. */
  readonly factor?: number;
  /** The longest delay, in milliseconds. Default: `Infinity`. */
  readonly maxDelay?: number;
  /**
   * How delays are spread at random, so that tasks that failed together are not all retried at the same moment.
   * `'full'`: between 0 and the delay; `'equal'`: between half of the delay and the delay. Default: `'none'`.
   */
  readonly jitter?: Jitter;
  /** Which failures are retried. Default: all of them. */
  readonly when?: RetryWhen;
}

/** Options for time limits and retries of tasks. */
export interface AttemptOptions {
  /**
   * The time limit of each attempt in milliseconds, including the wait for an item that is a promise. After that the
   * signal is aborted with `TaskTimedOut` and the attempt has failed, whatever the function returns or throws; its
   * slot is held until the function has settled. Above 0 or `Infinity`. Default: `Infinity`.
   */
  readonly timeout?: number;
  /**
   * Milliseconds that a task may wait from its creation, or a submission from its call, to its first start; after
   * that it is rejected with `TaskTimedOut`. Above 0 or `Infinity`. Default: `Infinity`.
   */
  readonly waitTimeout?: number;
  /**
   * Milliseconds from the creation of a task, or the call of a submission, to its end, including all attempts. After
   * that its signal is aborted and it is rejected with `TaskTimedOut`. A task that fails too late for another attempt
   * ends immediately. Above 0 or `Infinity`. Default: `Infinity`.
   */
  readonly deadline?: number;
  /**
   * How many failed attempts of a task are retried, and when. An error whose `retryAfter` is a number sets the delay
   * to that many milliseconds. Default: 0.
   */
  readonly retry?: number | RetryOptions;
  /**
   * How often a recovered pool runs a task again whose process died while running it. The next time, the task is
   * rejected with `TaskInterrupted`. Default: 5.
   */
  readonly maxInterruptions?: number;
}

/** Options for time limits and retries of the tasks of a recovered group. */
export interface RecoveredAttemptOptions extends Omit<AttemptOptions, 'retry'> {
  /** Options that are not given are as in the journal, except `when`, which no journal contains. */
  readonly retry?: number | Partial<RetryOptions>;
}
