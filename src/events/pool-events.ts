/**
 * The events of the pool, of its limits, callbacks and journal, and the fields of each besides its envelope.
 * `null` stands for "no limit".
 */

import type { ErrorData, LimitKey, LimitNumbers, PoolKind, RateNumbers, Retain } from './values.ts';

export interface PoolEventFields {
  /** A callback threw. This does not change how its task ended. */
  'callback.failed': {
    /** The id of the task. */
    readonly id: number;
    /** Which callback it was. */
    readonly callback: 'end' | 'cancel';
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** Writing to the journal failed: nothing more is written and no more tasks start. */
  'journal.failed': {
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** A limit was changed or added. */
  'limit.changed': {
    /** The name of the limit. */
    readonly limit: string;
    /** How many tasks with the same key may run at once; `null` for no limit. */
    readonly concurrent: number | null;
    /** How many of them may start in a period of time; `null` for no limit. */
    readonly rate: RateNumbers | null;
  };
  /** No tasks with this key start until a given time. */
  'limit.paused': {
    /** The name of the limit. */
    readonly limit: string;
    /** The key. */
    readonly key: LimitKey;
    /** Until when: milliseconds since the epoch. */
    readonly until: number;
  };
  /** The first event of every pool. To subscribe to it, use `{ replay: true }`. */
  'pool.created': {
    /** The class of the pool. */
    readonly kind: PoolKind;
    /** How many tasks may run at once; `null` for no limit. */
    readonly poolSize: number | null;
    /** Which ended tasks the pool remembers. */
    readonly retain: Retain;
    /** Its limits, by their names. */
    readonly limits?: Readonly<Record<string, LimitNumbers>>;
    /** A globally unique id of the pool: 128 random bits as base64url. Absent in older journals. */
    readonly uid?: string;
  };
  /** How many tasks may run at once was changed. */
  'pool.resized': {
    /** How many tasks may run at once; `null` for no limit. */
    readonly poolSize: number | null;
    /** The reason, if one was given. */
    readonly reason?: string;
  };
  /** New calls are refused. */
  'pool.locked': Record<never, never>;
  /** New calls are accepted again. */
  'pool.unlocked': Record<never, never>;
  /** No more tasks start. New calls are still accepted. */
  'pool.paused': Record<never, never>;
  /** Tasks start again. */
  'pool.resumed': Record<never, never>;
  /** The pool stops here, to be recovered by another process. No event is stored after this one until then. */
  'pool.suspended': Record<never, never>;
  /** Tasks that had ended were forgotten. */
  'pool.flushed': {
    /** How many tasks. */
    readonly forgotten: number;
  };
  /** Another process continues the work. To subscribe to it, use `{ replay: true }`. */
  'pool.recovered': {
    /** As in `pool.created`, if that event has none. */
    readonly uid?: string;
  };
  /** No more work is accepted; the pool closes when everything accepted has ended. */
  'pool.closing': Record<never, never>;
  /** All work has ended. The last event of a pool. */
  'pool.closed': Record<never, never>;
}
