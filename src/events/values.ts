/** The types of values in the fields of events. */

/** Which class made the pool. */
export type PoolKind = 'TaskPool' | 'SimpleTaskPool';

/** How a task ended. */
export type Outcome = 'fulfilled' | 'rejected' | 'cancelled';

/** What the pool remembers of ended tasks: a number keeps the most recent ones. */
export type Retain = 'all' | 'errors' | 'none' | number;

/** The method that made a group. */
export type GroupMethod = 'apply' | 'map' | 'starmap' | 'doublestarmap' | 'start' | 'submit';

/** The time limits of a task: of one attempt, of the wait for the first one, of all together. */
export type TimeoutKind = 'timeout' | 'waitTimeout' | 'deadline';

/** How the delays before further attempts are spread. */
export type Jitter = 'none' | 'full' | 'equal';

/** When a failed task is run again: the numbers of the option `retry`. */
export type RetryNumbers = {
  /** How many failed attempts are followed by another one; `null` for no limit. */
  readonly limit: number | null;
  /** Milliseconds before the second attempt. */
  readonly delay: number;
  /** What the delay is multiplied by after each further failure. */
  readonly factor: number;
  /** The longest delay in milliseconds; `null` for no limit. */
  readonly maxDelay: number | null;
  readonly jitter: Jitter;
};

/** What the first failure of a group does to the rest of it. */
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
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
}

/** What a limit counts separately: a value, or `true` where all is one. */
export type LimitKey = string | number | true;

/** How many tasks may start in a time. */
export interface RateNumbers {
  /** How many starts any window of `per` holds at the most. */
  readonly max: number;
  /** Milliseconds. */
  readonly per: number;
  /** There if starts are spaced evenly. */
  readonly spread?: true;
}

/** How tasks are called, as far as a journal can hold it; the same for a group and for a submission. */
export type CallTerms = {
  /** There if functions get no context. */
  readonly passContext?: false;
  /** Milliseconds for each attempt of a task. */
  readonly timeout?: number;
  /** Milliseconds from the making of a task, or the call of `submit`, to its first start. */
  readonly waitTimeout?: number;
  /** Milliseconds from the making of a task, or the call of `submit`, to its end. */
  readonly deadline?: number;
  /** When failed tasks are run again. */
  readonly retry?: RetryNumbers;
  /** How often a process may die while it runs a task, and it is run again; `null` for no limit. */
  readonly maxInterruptions?: number | null;
  /** Options that are functions, which a recovery has to be given again: `isCancellation`. */
  readonly needs?: readonly string[];
};

/**
 * A call of `submit` that waits and is no task yet, as a journal holds it. One that is stored already is
 * changed: it gets the fields that are there.
 */
export type SubmittedCall = CallTerms & {
  /** Its place in the order of the calls of its group, from 0. */
  readonly index: number;
  /** The arguments of the function. Not there where a call is changed. */
  readonly args?: readonly Json[];
  /** The name that the function is registered by, where it is not that of the group. */
  readonly functionName?: string;
  /** Its own priority, where it has one. */
  readonly priority?: number;
  /** By the names of limits: the keys that they count it by. */
  readonly keys?: { readonly [limit: string]: LimitKey };
  /** The key of which there is one submission at a time. */
  readonly unique?: string;
  /** Whether it waits for another submission with that key to end. */
  readonly held?: boolean;
  /** Its place in the order of those that wait, where that is not its index. */
  readonly arrival?: number;
  /** When it was called, where a limit in time runs since then, or it ages: milliseconds since the epoch. */
  readonly at?: number;
};

/** What a limit allows for each of its keys; `null` stands for "no limit". */
export interface LimitNumbers {
  /** How many tasks may run at once. */
  readonly concurrent: number | null;
  /** How many may start in a time. */
  readonly rate: RateNumbers | null;
}
