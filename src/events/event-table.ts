/**
 * The table of events. Each row declares what an event concerns and how it is built from its columns. Codes are
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

/**
 * What an event changes: a task or the pool through its chart, a group, a limit, or nothing (it is only recorded).
 */
export type Concern = 'task' | 'group' | 'limit' | 'nothing' | 'pool';

export interface EventRow<T extends EventType = EventType> {
  readonly concerns: Concern;
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

/** Every event. The order within a concern does not matter. */
export const TABLE: { readonly [T in EventType]: EventRow<T> } = {
  'task.queued': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, n, detail) => {
      const { name: group, item, priority, keys } = detail as QueuedTask;
      const type = 'task.queued';
      const event = { v, pool, seq, at, type, id, group, index: n } as const;
      if (item === undefined && priority === undefined && keys === undefined) return event;
      return { ...event, ...defined({ item, priority, keys }) };
    },
  },
  'task.started': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, _, detail) => {
      const type = 'task.started';
      if (detail === undefined) return { v, pool, seq, at, type, id };
      return { v, pool, seq, at, type, id, group: (detail as Named).name };
    },
  },
  'task.placed': {
    concerns: 'task',
    fields: (id, _, detail) => ({ id, by: detail as string }),
  },
  'task.progressed': {
    concerns: 'task',
    fields: (id, _, detail) => ({ id, progress: detail as Json }),
  },
  'task.cancelling': {
    concerns: 'task',
    fields: (id, _, detail) => (detail === undefined ? { id } : { id, reason: detail as Json }),
  },
  'task.timedOut': {
    concerns: 'task',
    fields: (id, n) => ({ id, which: TIMEOUT_KINDS[n] as TimeoutKind }),
  },
  'task.failed': {
    concerns: 'task',
    fields: (id, attempt, detail) => {
      const { error, retryAt, ...others } = detail as FailedAttempt;
      return { id, attempt, error, retryAt, ...defined(others) };
    },
  },
  'task.requeued': { concerns: 'task', fields: (id) => ({ id }) },
  'task.cancelled': { concerns: 'task', fields: (id) => ({ id }) },
  'task.ended': {
    concerns: 'task',
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
      const facts = { group, outcome, attempt, waited, ran, error, value, omitted };
      return { v, pool, seq, at, type, id, ...defined(facts) };
    },
  },
  'task.interrupted': {
    concerns: 'task',
    fields: (id, n) => {
      if (n === UNSTARTED) return { id, unstarted: true };
      return n === SUSPENDED ? { id, suspended: true } : { id };
    },
  },
  'task.prioritised': {
    concerns: 'task',
    fields: (id, _, detail) => ({ id, priority: detail as number }),
  },

  'group.created': {
    concerns: 'group',
    fields: (_id, _n, detail) => (detail as CreatedGroup).created,
  },
  'group.supplied': { concerns: 'group' },
  'group.submitted': { concerns: 'group' },
  'group.withdrawn': { concerns: 'group' },
  'group.resized': { concerns: 'group' },
  'group.prioritised': { concerns: 'group' },
  'group.paused': { concerns: 'group' },
  'group.resumed': { concerns: 'group' },
  'group.exhausted': {
    concerns: 'group',
    fields: (_, created, detail) => ({ group: (detail as Named).name, created }),
  },
  'group.failed': { concerns: 'group' },
  'group.cancelled': { concerns: 'group' },

  'callback.failed': { concerns: 'nothing' },
  'journal.failed': { concerns: 'nothing' },

  'limit.changed': { concerns: 'limit' },
  'limit.paused': { concerns: 'limit' },

  'pool.created': { concerns: 'pool' },
  'pool.resized': { concerns: 'pool' },
  'pool.locked': { concerns: 'pool' },
  'pool.unlocked': { concerns: 'pool' },
  'pool.paused': { concerns: 'pool' },
  'pool.resumed': { concerns: 'pool' },
  'pool.suspended': { concerns: 'pool' },
  'pool.flushed': { concerns: 'pool' },
  'pool.recovered': { concerns: 'pool' },
  'pool.closing': { concerns: 'pool' },
  'pool.closed': { concerns: 'pool' },
};
