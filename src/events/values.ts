/** The types of values in the fields of events. */

/** The class of the pool. */
export type PoolKind = 'TaskPool' | 'SimpleTaskPool';

/** How a task ended. */
export type Outcome = 'fulfilled' | 'rejected' | 'cancelled';

/** Which ended tasks the pool remembers: a number keeps that many of the most recent ones. */
export type Retain = 'all' | 'errors' | 'none' | number;

/** The method that created a group. */
export type GroupMethod = 'apply' | 'map' | 'starmap' | 'doublestarmap' | 'start' | 'submit';

/** The time limits of a task: of each attempt, of the wait for its first start, of everything up to its end. */
export type TimeoutKind = 'timeout' | 'waitTimeout' | 'deadline';

/** How retry delays are spread at random: not at all, from 0 to the delay, or from half of it to the delay. */
export type Jitter = 'none' | 'full' | 'equal';

/** When a failed task is retried: the option `retry` as plain data. */
export type RetryNumbers = {
  /** How many failed attempts of a task are retried; `null` for no limit. */
  readonly limit: number | null;
  /** Milliseconds before the second attempt. */
  readonly delay: number;
  /** The factor by which the delay grows after each further failure. */
  readonly factor: number;
  /** The longest delay in milliseconds; `null` for no limit. */
  readonly maxDelay: number | null;
  readonly jitter: Jitter;
};

/** What happens to the rest of a group after its first failure. */
export type OnError = 'continue' | 'stop' | 'cancel';

/**
 * Which events hold the items of a group: `group.supplied`, the `task.queued` of each, or
 * `group.submitted`.
 */
export type ItemStorage = 'supplied' | 'queued' | 'submitted';

/** A value that survives `JSON.parse(JSON.stringify(value))`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** An error as plain data. */
export interface ErrorData {
  /** The `name` of the error; for other thrown values their type, such as `string`. */
  readonly name: string;
  /** The `message` of the error; other thrown values as text. */
  readonly message: string;
  /** The `code` of the error, if it is a string or a number. */
  readonly code?: string | number;
}

/** The key by which a limit counts a task; `true` to count all tasks together. */
export type LimitKey = string | number | true;

/** How many tasks may start in a period of time. */
export interface RateNumbers {
  /** The most starts in any window of `per` milliseconds. */
  readonly max: number;
  /** The length of the window, in milliseconds. */
  readonly per: number;
  /** Present if starts are spaced evenly, `per / max` apart. */
  readonly spread?: true;
}

/** The options of a group or of a submission that a journal can hold. */
export type CallTerms = {
  /** Present if functions get no context. */
  readonly passContext?: false;
  /** The time limit of each attempt of a task, in milliseconds. */
  readonly timeout?: number;
  /** Milliseconds from the creation of a task, or the call of `submit`, to its first start. */
  readonly waitTimeout?: number;
  /** Milliseconds from the creation of a task, or the call of `submit`, to its end. */
  readonly deadline?: number;
  /** When failed tasks are retried. */
  readonly retry?: RetryNumbers;
  /** How often a task is run again after the process that ran it died; `null` for no limit. */
  readonly maxInterruptions?: number | null;
  /** The names of options that are functions, which a recovery must be given again: `isCancellation`. */
  readonly needs?: readonly string[];
};

/**
 * A call of `submit` that waits and is no task yet, as stored in a journal. If the call is already stored, the fields
 * given here replace the stored ones.
 */
export type SubmittedCall = CallTerms & {
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  /** The arguments of the function. Absent when a stored call is changed. */
  readonly args?: readonly Json[];
  /** The name under which the function is registered, if it is not that of the group. */
  readonly functionName?: string;
  /** Its own priority, if it has one. */
  readonly priority?: number;
  /** The keys by which limits count it, by the names of the limits. */
  readonly keys?: { readonly [limit: string]: LimitKey };
  /** The option `unique`: at most one submission with this key is pending or running. */
  readonly unique?: string;
  /** Whether it waits for another submission with that key to end. */
  readonly held?: boolean;
  /** Its place in the waiting line, if that is not its index. */
  readonly arrival?: number;
  /** When it was called, in milliseconds since the epoch. Present if it has a time limit or ages. */
  readonly at?: number;
};

/** The numbers of a limit, which apply to each of its keys; `null` stands for "no limit". */
export interface LimitNumbers {
  /** How many tasks with the same key may run at once. */
  readonly concurrent: number | null;
  /** How many tasks may start in a period of time. */
  readonly rate: RateNumbers | null;
}
