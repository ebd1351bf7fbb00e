/** The events of tasks, and the fields of each besides its envelope. */

import type { ErrorData, Json, LimitKey, Outcome, TimeoutKind } from './values.ts';

export interface TaskEventFields {
  /** A task was created and waits for a slot. */
  'task.queued': {
    /** The id of the task. */
    readonly id: number;
    /** The name of the group. */
    readonly group: string;
    /** The place of the task in its group, from 0. */
    readonly index: number;
    /** What the function is called with, unless another event contains it. */
    readonly item?: Json;
    /** Its own priority, if it has one; otherwise that of its group applies. */
    readonly priority?: number;
    /** The keys by which limits count it, by the names of the limits. */
    readonly keys?: Readonly<Record<string, LimitKey>>;
  };
  /** It got a slot, and its function is called. */
  'task.started': {
    /** The id of the task. */
    readonly id: number;
    /** The name of its group. Absent in journals of versions 1 and 2. */
    readonly group?: string;
  };
  /** Its function runs in a thread or on another machine, and has started there. */
  'task.placed': {
    /** The id of the task. */
    readonly id: number;
    /** Where: a thread or a worker, `thread-3` for instance. */
    readonly by: string;
  };
  /** Its function reported progress. */
  'task.progressed': {
    /** The id of the task. */
    readonly id: number;
    /** The reported value, as JSON. */
    readonly progress: Json;
  };
  /** It was cancelled while it ran: its signal is aborted, and its function has not settled yet. */
  'task.cancelling': {
    /** The id of the task. */
    readonly id: number;
    /** The reason as JSON, if one was given. */
    readonly reason?: Json;
  };
  /** A time limit was reached: the signal of a running task is aborted; a waiting task ends. */
  'task.timedOut': {
    /** The id of the task. */
    readonly id: number;
    /** The option that set the limit. */
    readonly which: TimeoutKind;
  };
  /** An attempt failed and is retried later; the task holds no slot until then. */
  'task.failed': {
    /** The id of the task. */
    readonly id: number;
    /** The name of its group. Absent in journals of earlier releases. */
    readonly group?: string;
    /** The number of the attempt, from 1. */
    readonly attempt: number;
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
    /** When it is queued again: milliseconds since the epoch. */
    readonly retryAt: number;
    /** Milliseconds that the attempt waited for its start. Present when `task.ended` has it. */
    readonly waited?: number;
    /** Milliseconds, with fractions, that the attempt took, as in `task.ended`. Present with `waited`. */
    readonly ran?: number;
  };
  /** The delay after a failed attempt is over: the task waits for a slot again. */
  'task.requeued': {
    /** The id of the task. */
    readonly id: number;
  };
  /** It was cancelled: its function stopped because of the abort, or never started. */
  'task.cancelled': {
    /** The id of the task. */
    readonly id: number;
  };
  /** It has ended and holds no slot. */
  'task.ended': {
    /** The id of the task. */
    readonly id: number;
    /** The name of its group. Absent in journals of versions 1 and 2. */
    readonly group?: string;
    /** How it ended. */
    readonly outcome: Outcome;
    /** The number of the attempt, from 1. Absent in journals of versions 1 and 2. */
    readonly attempt?: number;
    /**
     * Milliseconds, with fractions, from when it was queued, or queued again, to its last start; to its end if it did
     * not start. Present if the event has a subscriber or is written to a store.
     */
    readonly waited?: number;
    /**
     * Milliseconds, with fractions, of its last attempt; 0 if it did not start. For a function that runs elsewhere
     * they count from `task.placed`. Present with `waited`.
     */
    readonly ran?: number;
    /** What it returned, if results are stored; absent for `undefined`. */
    readonly value?: Json;
    /** Present if its result was not stored because it is too large or JSON would change it. */
    readonly omitted?: true;
    /** What was thrown, as plain data. */
    readonly error?: ErrorData;
  };
  /** The process that ran it has died, or has suspended its pool. It waits to be run again. */
  'task.interrupted': {
    /** The id of the task. */
    readonly id: number;
    /**
     * Present if it had not started: no event records its start and no slot was free for it. Its attempt number stays
     * the same. Does not count towards `maxInterruptions`.
     */
    readonly unstarted?: true;
    /** Present if its pool was suspended while it ran. Does not count towards `maxInterruptions` either. */
    readonly suspended?: true;
  };
  /** Its own priority was changed. */
  'task.prioritised': {
    /** The id of the task. */
    readonly id: number;
    /** The higher, the sooner it starts. */
    readonly priority: number;
  };
}
