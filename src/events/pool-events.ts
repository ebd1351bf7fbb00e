/**
 * The events of the pool, of its limits, callbacks and journal, and the fields of each besides its envelope.
 * `null` stands for "no limit".
 */

import type { ErrorData, LimitKey, LimitNumbers, PoolKind, RateNumbers, Retain } from './values.ts';

export interface PoolEventFields {
  /** A callback threw. That is never the error of the task. */
  'callback.failed': {
    /** Of the task, in its pool. */
    readonly id: number;
    /** Which one it was. */
    readonly callback: 'end' | 'cancel';
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** The journal takes no more events; no more tasks start. */
  'journal.failed': {
    /** What was thrown, as plain data. */
    readonly error: ErrorData;
  };
  /** What a limit allows was changed. */
  'limit.changed': {
    /** The name of the limit. */
    readonly limit: string;
    /** How many tasks with a key may run at once; `null` for no limit. */
    readonly concurrent: number | null;
    /** How many may start in a time; `null` for no limit. */
    readonly rate: RateNumbers | null;
  };
  /** Tasks with a key are held back for a time. */
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
    /** What the pool remembers of ended tasks. */
    readonly retain: Retain;
    /** What its limits allow, by their names. */
    readonly limits?: Readonly<Record<string, LimitNumbers>>;
    /** Tells it from every other pool: 128 random bits, as base64url. Not there in older journals. */
    readonly uid?: string;
  };
  /** How many tasks may run at once was changed. */
  'pool.resized': {
    /** How many tasks may run at once; `null` for no limit. */
    readonly poolSize: number | null;
    /** Why, where that was said. */
    readonly reason?: string;
  };
  /** New calls are refused. */
  'pool.locked': Record<never, never>;
  /** New calls are taken again. */
  'pool.unlocked': Record<never, never>;
  /** No more tasks start. New calls are taken as before. */
  'pool.paused': Record<never, never>;
  /** Tasks start again. */
  'pool.resumed': Record<never, never>;
  /** The pool ends here, to be recovered. The last event that is stored until then. */
  'pool.suspended': Record<never, never>;
  /** Tasks that had ended were forgotten. */
  'pool.flushed': {
    /** How many. */
    readonly forgotten: number;
  };
  /** Another process continues with the work. To subscribe to it, use `{ replay: true }`. */
  'pool.recovered': {
    /** As in `pool.created`, where that has none. */
    readonly uid?: string;
  };
  /** No more work is taken; the pool closes once what it has is finished. */
  'pool.closing': Record<never, never>;
  /** All has ended. The last event of a pool. */
  'pool.closed': Record<never, never>;
}
