/**
 * The table of events. Each row declares how an event is built from its columns. Codes are
 * derived from it in `event-codes.ts`; `event-fields.ts` validates events from outside.
 */

import {
  type CreatedGroup,
  defined,
  type EndedTask,
  type FailedAttempt,
  hasTimes,
  type Named,
  OUTCOMES,
  outcomeIn,
  type QueuedTask,
  ranIn,
  SUSPENDED,
  TIMEOUT_KINDS,
  UNSTARTED,
  waitedIn,
} from './event-columns.ts';
import {
  EVENT_VERSION,
  type EventType,
  type Json,
  type Outcome,
  type PoolEventOf,
  type TimeoutKind,
} from './events.ts';

export interface EventRow<T extends EventType = EventType> {
  /** The fields of an event besides those that all have. Default: those of `detail`. */
  readonly fields?: (id: number, n: number, detail: unknown) => FieldsOf<T>;
  /**
   * Builds an event that each task has, in one object literal: building it from parts costs several times as much.
   */
  readonly toEvent?: (
    pool: string,
    seq: number,
    at: number,
    id: number,
    n: number,
    detail: unknown,
  ) => PoolEventOf<T>;
}

type FieldsOf<T extends EventType> = Omit<PoolEventOf<T>, 'v' | 'pool' | 'seq' | 'at' | 'type'>;

const v = EVENT_VERSION;

/**
 * Every event, in the order of their codes: those of tasks, of groups, those that change nothing, those of limits and
 * of the pool. The order within a subject does not matter.
 */
export const TABLE: { readonly [T in EventType]: EventRow<T> } = {
  'task.queued': {
    toEvent: (pool, seq, at, id, n, detail) => {
      const { name: group, item, priority, keys } = detail as QueuedTask;
      const type = 'task.queued';
      if (item === undefined && priority === undefined && keys === undefined)
        return { v, pool, seq, at, type, id, group, index: n };
      return defined({ v, pool, seq, at, type, id, group, index: n, item, priority, keys });
    },
  },
  'task.started': {
    toEvent: (pool, seq, at, id, _, detail) => {
      const type = 'task.started';
      if (detail === undefined) return { v, pool, seq, at, type, id };
      return { v, pool, seq, at, type, id, group: (detail as Named).name };
    },
  },
  'task.placed': {
    fields: (id, _, detail) => ({ id, by: detail as string }),
  },
  'task.progressed': {
    fields: (id, _, detail) => ({ id, progress: detail as Json }),
  },
  'task.cancelling': {
    fields: (id, _, detail) => (detail === undefined ? { id } : { id, reason: detail as Json }),
  },
  'task.timedOut': {
    fields: (id, n) => ({ id, which: TIMEOUT_KINDS[n] as TimeoutKind }),
  },
  'task.failed': {
    fields: (id, attempt, detail) => {
      const { error, retryAt, ...others } = detail as FailedAttempt;
      return { id, attempt, error, retryAt, ...defined(others) };
    },
  },
  'task.requeued': { fields: (id) => ({ id }) },
  'task.cancelled': { fields: (id) => ({ id }) },
  'task.ended': {
    toEvent: (pool, seq, at, id, n, detail) => {
      const type = 'task.ended';
      const outcome = OUTCOMES[outcomeIn(n)] as Outcome;
      if (hasTimes(n)) {
        const { name: group, attempt = 1 } = detail as EndedTask & Named;
        const [waited, ran] = [waitedIn(n) / 1000, ranIn(n) / 1000];
        return { v, pool, seq, at, type, id, group, outcome, attempt, waited, ran };
      }
      if (detail === undefined) return { v, pool, seq, at, type, id, outcome };
      const {
        name: group,
        // Events of earlier versions have neither group nor attempt.
        attempt = group === undefined ? undefined : 1,
        waited,
        ran,
        error,
        value,
        omitted,
      } = detail as EndedTask;
      // biome-ignore format: its fields in two lines
      return defined({
        v, pool, seq, at, type, id, group,
        outcome, attempt, waited, ran, error, value, omitted,
      });
    },
  },
  'task.interrupted': {
    fields: (id, n) => {
      if (n === UNSTARTED) return { id, unstarted: true };
      return n === SUSPENDED ? { id, suspended: true } : { id };
    },
  },
  'task.prioritised': {
    fields: (id, _, detail) => ({ id, priority: detail as number }),
  },

  'group.created': {
    fields: (_id, _n, detail) => (detail as CreatedGroup).created,
  },
  'group.supplied': {},
  'group.submitted': {},
  'group.withdrawn': {},
  'group.resized': {},
  'group.prioritised': {},
  'group.paused': {},
  'group.resumed': {},
  'group.exhausted': {
    fields: (_, created, detail) => ({ group: (detail as Named).name, created }),
  },
  'group.failed': {},
  'group.cancelled': {},

  'callback.failed': {},
  'journal.failed': {},

  'limit.changed': {},
  'limit.paused': {},

  'pool.created': {},
  'pool.resized': {},
  'pool.locked': {},
  'pool.unlocked': {},
  'pool.paused': {},
  'pool.resumed': {},
  'pool.suspended': {},
  'pool.flushed': {},
  'pool.recovered': {},
  'pool.closing': {},
  'pool.closed': {},
};
