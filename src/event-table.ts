/**
 * The table of events: one row says what an event concerns, and how it is made of its columns. Codes
 * follow from it. What events that come from outside have to be is in `event-fields.ts`.
 *
 * In memory an event is five columns instead of an object: its code, `at`, `id`, `n` and `detail`.
 * Keeping columns costs a third of what keeping objects costs, in time and in memory.
 */

import {
  type ErrorData,
  EVENT_VERSION,
  type EventFields,
  type EventType,
  type Json,
  type Outcome,
  type PoolEvent,
  type PoolEventOf,
  type TimeoutKind,
} from './events.ts';

/**
 * What an event changes: a task or the pool through its chart, a group, a limit, or nothing (it is a
 * note in the journal).
 */
type Concern = 'task' | 'group' | 'limit' | 'nothing' | 'pool';

interface EventRow<T extends EventType = EventType> {
  readonly concerns: Concern;
  /** The event that columns stand for. Default: `detail` holds all its fields. */
  // With all there is in one literal: an event put together from parts costs several times as much.
  readonly toEvent?: (
    pool: string,
    seq: number,
    at: number,
    id: number,
    n: number,
    detail: unknown,
  ) => PoolEventOf<T>;
}

/** What the columns of an event about a group need to know of the group. */
export interface Named {
  readonly name: string;
}

/** The detail of `group.created`. */
export interface CreatedGroup extends Named {
  readonly created: EventFields['group.created'];
}

/** The detail of a `task.queued` that says more of the task than which group it is of. */
export interface QueuedTask
  extends Named,
    Pick<EventFields['task.queued'], 'item' | 'priority' | 'keys'> {}

/** Outcomes by their codes. */
export const OUTCOMES: readonly Outcome[] = ['fulfilled', 'rejected', 'cancelled'];

/** Time limits by their codes. */
export const TIMEOUT_KINDS: readonly TimeoutKind[] = ['timeout', 'waitTimeout', 'deadline'];

/** The detail of a `task.ended` that says more than its outcome and its group. */
export interface EndedTask extends Partial<Named> {
  readonly error?: ErrorData | undefined;
  readonly attempt?: number | undefined;
  readonly waited?: number | undefined;
  readonly ran?: number | undefined;
  readonly value?: Json | undefined;
  readonly omitted?: true | undefined;
}

/** The detail of `task.failed`. */
export interface FailedAttempt {
  readonly error: ErrorData;
  readonly retryAt: number;
}

const v = EVENT_VERSION;

/** The row of an event that says no more than which task it is about. */
function onlyId<T extends 'task.cancelled' | 'task.requeued'>(type: T) {
  return {
    concerns: 'task',
    toEvent: (pool: string, seq: number, at: number, id: number) => {
      return { v, pool, seq, at, type, id } as const;
    },
  } as const;
}

/** The fields that there are. */
export function defined<T extends object>(
  fields: T,
): { [F in keyof T]?: Exclude<T[F], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [F in keyof T]?: Exclude<T[F], undefined> };
}

/** Every event, in no particular order within what it concerns. */
const TABLE: { readonly [T in EventType]: EventRow<T> } = {
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
      const { error, retryAt } = detail as FailedAttempt;
      return { v, pool, seq, at, type: 'task.failed', id, attempt: n, error, retryAt };
    },
  },
  'task.requeued': onlyId('task.requeued'),
  'task.cancelled': onlyId('task.cancelled'),
  'task.ended': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, n, detail) => {
      const type = 'task.ended';
      const outcome = OUTCOMES[n] as Outcome;
      if (detail === undefined) return { v, pool, seq, at, type, id, outcome };
      const { name: group, attempt = 1, waited, ran, error, value, omitted } = detail as EndedTask;
      if (value !== undefined || omitted !== undefined) {
        const ended = { v, pool, seq, at, type, id, outcome, attempt } as const;
        return { ...ended, ...defined({ group, waited, ran, value, omitted }) };
      }
      if (group === undefined)
        return { v, pool, seq, at, type, id, outcome, ...defined({ error }) };
      if (waited === undefined || ran === undefined) {
        const event = { v, pool, seq, at, type, id, group, outcome, attempt } as const;
        return error === undefined ? event : { ...event, error };
      }
      if (error === undefined) {
        return { v, pool, seq, at, type, id, group, outcome, attempt, waited, ran };
      }
      return { v, pool, seq, at, type, id, group, outcome, attempt, waited, ran, error };
    },
  },
  'task.interrupted': {
    concerns: 'task',
    toEvent: (pool, seq, at, id, n) => {
      const type = 'task.interrupted';
      if (n === 0) return { v, pool, seq, at, type, id };
      return { v, pool, seq, at, type, id, unstarted: true };
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
  'pool.flushed': { concerns: 'pool' },
  'pool.recovered': { concerns: 'pool' },
  'pool.closing': { concerns: 'pool' },
  'pool.closed': { concerns: 'pool' },
};

/** The types of the events that concern something. */
function typesThatConcern(concern: Concern): EventType[] {
  const types = Object.keys(TABLE) as EventType[];
  return types.filter((type) => TABLE[type].concerns === concern);
}

/** The events that move a task, in the order of the columns of the compiled task chart. */
export const TASK_EVENT_TYPES: readonly EventType[] = typesThatConcern('task');

/** The events that move the pool, in the order of the columns of the compiled pool chart. */
export const POOL_EVENT_TYPES: readonly EventType[] = typesThatConcern('pool');

/**
 * Every event type; its place in the list is its code. Events of tasks come first, then those of
 * groups, then those that change nothing, then those of limits and of the pool: so one comparison tells what an
 * event concerns, and the codes of task events are the columns of the compiled task chart.
 */
export const EVENT_TYPES: readonly EventType[] = [
  ...TASK_EVENT_TYPES,
  ...typesThatConcern('group'),
  ...typesThatConcern('nothing'),
  ...typesThatConcern('limit'),
  ...POOL_EVENT_TYPES,
];

/** The code of an event: its place in {@link EVENT_TYPES}. */
export type EventCode = number;

/** `task.queued` -> `taskQueued`. */
type CamelCase<T extends string> = T extends `${infer Subject}.${infer Verb}`
  ? `${Subject}${Capitalize<Verb>}`
  : T;

/** The codes by name: `Code.taskQueued`. */
export const Code = Object.fromEntries(
  EVENT_TYPES.map((type, code) => [
    type.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase()),
    code,
  ]),
) as { readonly [T in EventType as CamelCase<T>]: EventCode };

/** Codes below this one concern a task. */
export const GROUP_CODES = TASK_EVENT_TYPES.length;
/** Codes from {@link GROUP_CODES} to below this one concern a group. */
export const OTHER_CODES = GROUP_CODES + typesThatConcern('group').length;
/** Codes from this one on concern the pool. */
export const POOL_CODES = EVENT_TYPES.length - POOL_EVENT_TYPES.length;
/** Codes from this one to below {@link POOL_CODES} concern a limit; those before change nothing. */
export const LIMIT_CODES = POOL_CODES - typesThatConcern('limit').length;

const CODES = new Map<string, EventCode>(EVENT_TYPES.map((type, code) => [type, code]));
const ROWS = EVENT_TYPES.map((type) => TABLE[type]) as readonly EventRow[];

/** The code of an event type. Throws a `RangeError` for a type there is not. */
export function codeOf(type: string): EventCode {
  const code = CODES.get(type);
  if (code === undefined) {
    throw new RangeError(`expected one of ${EVENT_TYPES.join(', ')}, got '${type}'`);
  }
  return code;
}

/** The event that columns stand for. */
export function decode(
  pool: string,
  seq: number,
  at: number,
  code: EventCode,
  id: number,
  n: number,
  detail: unknown,
): PoolEvent {
  const { toEvent } = ROWS[code] as EventRow;
  if (toEvent !== undefined) return toEvent(pool, seq, at, id, n, detail);
  return Object.assign({ v, pool, seq, at, type: EVENT_TYPES[code] }, detail) as PoolEvent;
}
