/**
 * The table of events: one row says everything about an event that is not its TypeScript type. Codes,
 * the compact form in memory, the checks of events that come from outside, and JSON follow from it.
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
import {
  anyJson,
  errorData,
  type FieldCheck,
  finite,
  flag,
  limit,
  list,
  oneOf,
  optional,
  retain,
  retryNumbers,
  text,
  texts,
  time,
  whole,
} from './field-checks.ts';

/**
 * What an event changes: a task or the pool through its chart, a group, or nothing (it is a note in
 * the journal).
 */
type Concern = 'task' | 'group' | 'nothing' | 'pool';

/** The columns of an event besides its code and `at`. */
interface Columns {
  readonly id: number;
  readonly n: number;
  readonly detail: unknown;
}

/** All columns of an event but `at`. */
export interface CompactEvent extends Columns {
  readonly code: EventCode;
}

interface EventRow<T extends EventType = EventType> {
  readonly concerns: Concern;
  /** The fields besides the envelope, in the order in which JSON shows them. */
  readonly fields: { readonly [F in keyof EventFields[T]]-?: FieldCheck };
  /** How the fields become columns and back. Default: `detail` holds all of them. */
  readonly columns?: {
    toColumns(event: EventFields[T]): Columns;
    // With all there is in one literal: an event put together from parts costs several times as much.
    toEvent(
      pool: string,
      seq: number,
      at: number,
      id: number,
      n: number,
      detail: unknown,
    ): PoolEventOf<T>;
  };
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
export interface QueuedTask extends Named, Pick<EventFields['task.queued'], 'item' | 'priority'> {}

/** Outcomes by their codes. */
export const OUTCOMES: readonly Outcome[] = ['fulfilled', 'rejected', 'cancelled'];

/** Time limits by their codes. */
export const TIMEOUT_KINDS: readonly TimeoutKind[] = ['timeout', 'waitTimeout', 'deadline'];

/** The detail of `task.failed`. */
export interface FailedAttempt {
  readonly error: ErrorData;
  readonly retryAt: number;
}

const v = EVENT_VERSION;

/** The row of an event that says no more than which task it is about. */
function onlyId<T extends 'task.started' | 'task.cancelled' | 'task.requeued'>(type: T) {
  return {
    concerns: 'task',
    fields: { id: whole },
    columns: {
      toColumns: ({ id }: { readonly id: number }) => ({ id, n: 0, detail: undefined }),
      toEvent: (pool: string, seq: number, at: number, id: number) => {
        return { v, pool, seq, at, type, id } as const;
      },
    },
  } as const;
}

/** The fields that there are. */
function defined<T extends object>(fields: T): { [F in keyof T]?: Exclude<T[F], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [F in keyof T]?: Exclude<T[F], undefined> };
}

/** Every event, in no particular order within what it concerns. */
const TABLE: { readonly [T in EventType]: EventRow<T> } = {
  'task.queued': {
    concerns: 'task',
    fields: {
      id: whole,
      group: text,
      index: whole,
      item: optional(anyJson),
      priority: optional(finite),
    },
    columns: {
      toColumns: ({ id, index, group: name, item, priority }) => ({
        id,
        n: index,
        detail: { name, ...defined({ item, priority }) } satisfies QueuedTask,
      }),
      toEvent: (pool, seq, at, id, n, detail) => {
        const { name: group, item, priority } = detail as QueuedTask;
        const type = 'task.queued';
        if (priority !== undefined) {
          const own = defined({ item, priority });
          return { v, pool, seq, at, type, id, group, index: n, ...own };
        }
        if (item === undefined) return { v, pool, seq, at, type, id, group, index: n };
        return { v, pool, seq, at, type, id, group, index: n, item };
      },
    },
  },
  'task.started': onlyId('task.started'),
  'task.progressed': {
    concerns: 'task',
    fields: { id: whole, progress: anyJson },
    columns: {
      toColumns: ({ id, progress }) => ({ id, n: 0, detail: progress }),
      toEvent: (pool, seq, at, id, _, detail) => {
        return { v, pool, seq, at, type: 'task.progressed', id, progress: detail as Json };
      },
    },
  },
  'task.cancelling': {
    concerns: 'task',
    fields: { id: whole, reason: optional(anyJson) },
    columns: {
      toColumns: ({ id, reason }) => ({ id, n: 0, detail: reason }),
      toEvent: (pool, seq, at, id, _, detail) => {
        const type = 'task.cancelling';
        if (detail === undefined) return { v, pool, seq, at, type, id };
        return { v, pool, seq, at, type, id, reason: detail as Json };
      },
    },
  },
  'task.timedOut': {
    concerns: 'task',
    fields: { id: whole, which: oneOf(...TIMEOUT_KINDS) },
    columns: {
      toColumns: ({ id, which }) => {
        return { id, n: TIMEOUT_KINDS.indexOf(which), detail: undefined };
      },
      toEvent: (pool, seq, at, id, n) => {
        const which = TIMEOUT_KINDS[n] as TimeoutKind;
        return { v, pool, seq, at, type: 'task.timedOut', id, which };
      },
    },
  },
  'task.failed': {
    concerns: 'task',
    fields: { id: whole, attempt: whole, error: errorData, retryAt: time },
    columns: {
      toColumns: ({ id, attempt, error, retryAt }) => {
        return { id, n: attempt, detail: { error, retryAt } satisfies FailedAttempt };
      },
      toEvent: (pool, seq, at, id, n, detail) => {
        const { error, retryAt } = detail as FailedAttempt;
        return { v, pool, seq, at, type: 'task.failed', id, attempt: n, error, retryAt };
      },
    },
  },
  'task.requeued': onlyId('task.requeued'),
  'task.cancelled': onlyId('task.cancelled'),
  'task.ended': {
    concerns: 'task',
    fields: { id: whole, outcome: oneOf(...OUTCOMES), error: optional(errorData) },
    columns: {
      toColumns: ({ id, outcome, error }) => ({ id, n: OUTCOMES.indexOf(outcome), detail: error }),
      toEvent: (pool, seq, at, id, n, detail) => {
        const type = 'task.ended';
        const outcome = OUTCOMES[n] as Outcome;
        if (detail === undefined) return { v, pool, seq, at, type, id, outcome };
        return { v, pool, seq, at, type, id, outcome, error: detail as ErrorData };
      },
    },
  },
  'task.interrupted': {
    concerns: 'task',
    fields: { id: whole, unstarted: optional(flag) },
    columns: {
      toColumns: ({ id, unstarted }) => ({ id, n: unstarted === true ? 1 : 0, detail: undefined }),
      toEvent: (pool, seq, at, id, n) => {
        const type = 'task.interrupted';
        if (n === 0) return { v, pool, seq, at, type, id };
        return { v, pool, seq, at, type, id, unstarted: true };
      },
    },
  },
  'task.prioritised': {
    concerns: 'task',
    fields: { id: whole, priority: finite },
    columns: {
      toColumns: ({ id, priority }) => ({ id, n: 0, detail: priority }),
      toEvent: (pool, seq, at, id, _, detail) => {
        return { v, pool, seq, at, type: 'task.prioritised', id, priority: detail as number };
      },
    },
  },

  'group.created': {
    concerns: 'group',
    fields: {
      group: text,
      method: oneOf('apply', 'map', 'starmap', 'doublestarmap', 'start'),
      functionName: text,
      numConcurrent: limit,
      planned: optional(whole),
      args: optional(list),
      items: optional(oneOf('supplied', 'queued')),
      passContext: optional(flag),
      timeout: optional(time),
      waitTimeout: optional(time),
      deadline: optional(time),
      retry: optional(retryNumbers),
      maxInterruptions: optional(whole),
      needs: optional(texts),
      priority: optional(finite),
    },
    columns: {
      toColumns: (created) => {
        return { id: 0, n: 0, detail: { name: created.group, created } satisfies CreatedGroup };
      },
      toEvent: (pool, seq, at, _id, _n, detail) => {
        return { v, pool, seq, at, type: 'group.created', ...(detail as CreatedGroup).created };
      },
    },
  },
  'group.supplied': { concerns: 'group', fields: { group: text, items: list } },
  'group.resized': { concerns: 'group', fields: { group: text, numConcurrent: limit } },
  'group.prioritised': { concerns: 'group', fields: { group: text, priority: finite } },
  'group.paused': { concerns: 'group', fields: { group: text } },
  'group.resumed': { concerns: 'group', fields: { group: text } },
  'group.exhausted': {
    concerns: 'group',
    fields: { group: text, created: whole },
    columns: {
      toColumns: ({ group, created }) => ({ id: 0, n: created, detail: { name: group } }),
      toEvent: (pool, seq, at, _id, n, detail) => {
        const group = (detail as Named).name;
        return { v, pool, seq, at, type: 'group.exhausted', group, created: n };
      },
    },
  },
  'group.failed': { concerns: 'group', fields: { group: text, error: errorData } },
  'group.cancelled': { concerns: 'group', fields: { group: text, reason: optional(anyJson) } },

  'callback.failed': {
    concerns: 'nothing',
    fields: { id: whole, callback: oneOf('end', 'cancel'), error: errorData },
  },
  'journal.failed': { concerns: 'nothing', fields: { error: errorData } },

  'pool.created': {
    concerns: 'pool',
    fields: { kind: oneOf('TaskPool', 'SimpleTaskPool'), poolSize: limit, retain },
  },
  'pool.resized': { concerns: 'pool', fields: { poolSize: limit } },
  'pool.locked': { concerns: 'pool', fields: {} },
  'pool.unlocked': { concerns: 'pool', fields: {} },
  'pool.paused': { concerns: 'pool', fields: {} },
  'pool.resumed': { concerns: 'pool', fields: {} },
  'pool.flushed': { concerns: 'pool', fields: { forgotten: whole } },
  'pool.recovered': { concerns: 'pool', fields: {} },
  'pool.closing': { concerns: 'pool', fields: {} },
  'pool.closed': { concerns: 'pool', fields: {} },
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
 * groups, then those that change nothing, then those of the pool: so one comparison tells what an
 * event concerns, and the codes of task events are the columns of the compiled task chart.
 */
export const EVENT_TYPES: readonly EventType[] = [
  ...TASK_EVENT_TYPES,
  ...typesThatConcern('group'),
  ...typesThatConcern('nothing'),
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
/** Codes from this one on concern the pool; those between change nothing. */
export const POOL_CODES = EVENT_TYPES.length - POOL_EVENT_TYPES.length;

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

/** The checks of the fields of an event, in the order in which JSON shows them. */
function fieldsOf(code: EventCode): Readonly<Record<string, FieldCheck>> {
  return (ROWS[code] as EventRow).fields;
}

/** The columns of an event; {@link decode} is the way back. */
export function encode(event: PoolEvent): CompactEvent {
  const code = codeOf(event.type);
  const { columns } = ROWS[code] as EventRow;
  if (columns !== undefined) return { code, ...columns.toColumns(event) };
  const { v: _, pool, seq, at, type, ...detail } = event;
  return { code, id: 0, n: 0, detail };
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
  const { columns } = ROWS[code] as EventRow;
  if (columns !== undefined) return columns.toEvent(pool, seq, at, id, n, detail);
  return Object.assign({ v, pool, seq, at, type: EVENT_TYPES[code] }, detail) as PoolEvent;
}

/**
 * Checks an event that comes from outside: a file, a socket, a caller. Fields that are not in the
 * table are left alone: a later version may have added them.
 *
 * @throws RangeError for a type there is not, TypeError for a field that is missing or of another kind.
 */
export function checkFields(event: PoolEvent): void {
  const fields = fieldsOf(codeOf(event.type));
  for (const name in fields) {
    const { accepts, expected, isOptional } = fields[name] as FieldCheck;
    const value = (event as unknown as Record<string, unknown>)[name];
    if (value === undefined ? isOptional : accepts(value)) continue;
    const given = value === undefined ? 'nothing' : JSON.stringify(value)?.slice(0, 80);
    throw new TypeError(`expected ${name} of ${event.type} to be ${expected}, got ${given}`);
  }
}
