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
  /** Builds the event from its columns. Default: `detail` holds all its fields. */
  // Each in one object literal: building an event from parts costs several times as much.
  readonly toEvent?: (
    pool: string,
    seq: number,
    at: number,
    id: number,
    n: number,
    detail: unknown,
  ) => PoolEventOf<T>;
}

const v = EVENT_VERSION;

/** The row of an event whose only field is the id of its task. */
function onlyId<T extends 'task.cancelled' | 'task.requeued'>(type: T) {
  return {
    concerns: 'task',
    toEvent: (pool: string, seq: number, at: number, id: number) => {
      return { v, pool, seq, at, type, id } as const;
    },
  } as const;
}

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
    toEvent: (pool, seq, at, id, _, detail) => {
      return { v, pool, seq, at, type: 'task.placed', id, by: detail as string };
    },
  },
  'task.progressed': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, _, detail) => {
      return { v, pool, seq, at, type: 'task.progressed', id, progress: detail as Json };
    },
  },
  'task.cancelling': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, _, detail) => {
      const type = 'task.cancelling';
      if (detail === undefined) return { v, pool, seq, at, type, id };
      return { v, pool, seq, at, type, id, reason: detail as Json };
    },
  },
  'task.timedOut': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, n) => {
      const which = TIMEOUT_KINDS[n] as TimeoutKind;
      return { v, pool, seq, at, type: 'task.timedOut', id, which };
    },
  },
  'task.failed': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, n, detail) => {
      const { error, retryAt, ...others } = detail as FailedAttempt;
      const event = {
        v,
        pool,
        seq,
        at,
        type: 'task.failed',
        id,
        attempt: n,
        error,
        retryAt,
      } as const;
      return { ...event, ...defined(others) };
    },
  },
  'task.requeued': onlyId('task.requeued'),
  'task.cancelled': onlyId('task.cancelled'),
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
    toEvent: (pool, seq, at, id, n) => {
      const type = 'task.interrupted';
      if (n === UNSTARTED) return { v, pool, seq, at, type, id, unstarted: true };
      if (n === SUSPENDED) return { v, pool, seq, at, type, id, suspended: true };
      return { v, pool, seq, at, type, id };
    },
  },
  'task.prioritised': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, _, detail) => {
      return { v, pool, seq, at, type: 'task.prioritised', id, priority: detail as number };
    },
  },

  'group.created': {
    concerns: 'group',
    toEvent: (pool, seq, at, _id, _n, detail) => {
      return { v, pool, seq, at, type: 'group.created', ...(detail as CreatedGroup).created };
    },
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
    toEvent: (pool, seq, at, _id, n, detail) => {
      const group = (detail as Named).name;
      return { v, pool, seq, at, type: 'group.exhausted', group, created: n };
    },
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
