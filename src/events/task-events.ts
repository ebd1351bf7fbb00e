/** The events of tasks, and the fields of each besides its envelope. */

import type { ErrorData, Json, LimitKey, Outcome, TimeoutKind } from './values.ts';

export interface TaskEventFields {
  /** A task was made, and waits for a slot. */
  'task.queued': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of the group. */
    readonly group: string;
    /** The place of the task in its group, from 0. */
    readonly index: number;
    /** What the function is called with, where no other event says it. */
    readonly item?: Json;
    /** Its own priority, where it has one: otherwise that of its group counts. */
    readonly priority?: number;
    /** By the names of limits: the keys that they count it by. */
    readonly keys?: Readonly<Record<string, LimitKey>>;
  };
  /** It got a slot, and its function is called. */
  'task.started': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of its group. Not there in journals of versions 1 and 2. */
    readonly group?: string;
  };
  /** Its function runs elsewhere, and has begun there. */
  'task.placed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** Where: a thread or a worker, `thread-3` for instance. */
    readonly by: string;
  };
  /** Its function has reported how far it is. */
  'task.progressed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** What was reported, as JSON. */
    readonly progress: Json;
  };
  /** It was cancelled while it ran: its signal is aborted, and its function has not settled yet. */
  'task.cancelling': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** Why, as JSON, where a reason was given. */
    readonly reason?: Json;
  };
  /** A time limit was reached: the signal of a task that runs is aborted, one that waits ends. */
  'task.timedOut': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The option that set the limit. */
    readonly which: TimeoutKind;
  };
  /** An attempt has failed, and the task holds no slot until it is run again. */
  'task.failed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of its group. Not there in journals of earlier releases. */
    readonly group?: string;
    /** Which attempt it was, from 1. */
    readonly attempt: number;
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
    /** When it is queued again: milliseconds since the epoch. */
    readonly retryAt: number;
    /** Milliseconds that the attempt waited for its start: there where `task.ended` has it. */
    readonly waited?: number;
    /** Milliseconds, with fractions, that the attempt took, as in `task.ended`. There with `waited`. */
    readonly ran?: number;
  };
  /** The delay after a failed attempt is over: the task waits for a slot again. */
  'task.requeued': {
    /** Of the task, in its pool. */
    readonly id: number;
  };
  /** Its function gave in to the cancellation, or it never started. */
  'task.cancelled': {
    /** Of the task, in its pool. */
    readonly id: number;
  };
  /** It has ended, and holds no slot any more. */
  'task.ended': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The name of its group. Not there in journals of versions 1 and 2. */
    readonly group?: string;
    /** How it ended. */
    readonly outcome: Outcome;
    /** Which attempt it was, from 1. Not there in journals of versions 1 and 2. */
    readonly attempt?: number;
    /**
     * Milliseconds, with fractions, from when it was queued, or queued again, to its last start; to its
     * end if it did not start. There where the event has a subscriber or goes to a store.
     */
    readonly waited?: number;
    /**
     * Milliseconds, with fractions, of its last attempt; 0 if it did not start. Where the function runs
     * elsewhere they count from `task.placed`. There with `waited`.
     */
    readonly ran?: number;
    /** What it returned, where results are kept: nothing for `undefined`. */
    readonly value?: Json;
    /** There if it returned something to be kept that is too large, or that JSON would change. */
    readonly omitted?: true;
    /** What was thrown, as plain data. */
    readonly error?: ErrorData;
  };
  /** The process that ran it has died, or has suspended its pool. It waits to be run again. */
  'task.interrupted': {
    /** Of the task, in its pool. */
    readonly id: number;
    /**
     * There if nothing says that it has started, and there was no slot for it: it stays the attempt that it
     * was. Such do not count for `maxInterruptions`.
     */
    readonly unstarted?: true;
    /** There if its pool was suspended while it ran. Such do not count for `maxInterruptions` either. */
    readonly suspended?: true;
  };
  /** Its own priority was changed. */
  'task.prioritised': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** The higher, the sooner it starts. */
    readonly priority: number;
  };
}
