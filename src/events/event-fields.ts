/**
 * Validates events that come from outside (a store, a file, a caller) and converts them to columns. A pool creates
 * its own events as columns and does not import this file.
 */

import { codeOf, EVENT_TYPES, type EventCode } from './event-codes.ts';
import {
  type CreatedGroup,
  defined,
  type EndedTask,
  type FailedAttempt,
  OUTCOMES,
  type QueuedTask,
  SUSPENDED,
  TIMEOUT_KINDS,
  UNSTARTED,
} from './event-columns.ts';
import type { EventFields, EventType, PoolEvent } from './events.ts';
import {
  anyJson,
  errorData,
  type FieldCheck,
  finite,
  flag,
  limit,
  limitKey,
  limitNumbers,
  list,
  oneOf,
  optional,
  orNull,
  rate,
  recordOf,
  retain,
  retryNumbers,
  submittedCalls,
  text,
  texts,
  time,
  whole,
  wholes,
} from './field-checks.ts';

/** All columns of an event but `at`. */
export interface CompactEvent {
  readonly code: EventCode;
  readonly id: number;
  readonly n: number;
  readonly detail: unknown;
}

interface EventForm<T extends EventType = EventType> {
  /** The fields besides the envelope, in the order in which JSON shows them. */
  readonly fields: { readonly [F in keyof EventFields[T]]-?: FieldCheck };
  /** The columns besides the code and `at`. Default: `detail` holds all fields. */
  toColumns?(event: EventFields[T]): Omit<CompactEvent, 'code'>;
}

/** The form of an event whose only field is the id of its task. */
const ONLY_ID = {
  fields: { id: whole },
  toColumns: ({ id }: { readonly id: number }) => ({ id, n: 0, detail: undefined }),
};

/** The form of every event. */
const FORMS: { readonly [T in EventType]: EventForm<T> } = {
  'task.queued': {
    fields: {
      id: whole,
      group: text,
      index: whole,
      item: optional(anyJson),
      priority: optional(finite),
      keys: optional(recordOf(limitKey)),
    },
    toColumns: ({ id, index, group: name, item, priority, keys }) => ({
      id,
      n: index,
      detail: { name, ...defined({ item, priority, keys }) } satisfies QueuedTask,
    }),
  },
  'task.started': {
    fields: { id: whole, group: optional(text) },
    toColumns: ({ id, group }) => {
      return { id, n: 0, detail: group === undefined ? undefined : { name: group } };
    },
  },
  'task.placed': {
    fields: { id: whole, by: text },
    toColumns: ({ id, by }) => ({ id, n: 0, detail: by }),
  },
  'task.progressed': {
    fields: { id: whole, progress: anyJson },
    toColumns: ({ id, progress }) => ({ id, n: 0, detail: progress }),
  },
  'task.cancelling': {
    fields: { id: whole, reason: optional(anyJson) },
    toColumns: ({ id, reason }) => ({ id, n: 0, detail: reason }),
  },
  'task.timedOut': {
    fields: { id: whole, which: oneOf(...TIMEOUT_KINDS) },
    toColumns: ({ id, which }) => {
      return { id, n: TIMEOUT_KINDS.indexOf(which), detail: undefined };
    },
  },
  'task.failed': {
    fields: {
      id: whole,
      group: optional(text),
      attempt: whole,
      error: errorData,
      retryAt: time,
      waited: optional(time),
      ran: optional(time),
    },
    toColumns: ({ id, group, attempt, error, retryAt, waited, ran }) => {
      const others = defined({ group, waited, ran });
      return { id, n: attempt, detail: { error, retryAt, ...others } satisfies FailedAttempt };
    },
  },
  'task.requeued': ONLY_ID,
  'task.cancelled': ONLY_ID,
  'task.ended': {
    fields: {
      id: whole,
      group: optional(text),
      outcome: oneOf(...OUTCOMES),
      attempt: optional(whole),
      waited: optional(time),
      ran: optional(time),
      value: optional(anyJson),
      omitted: optional(flag),
      error: optional(errorData),
    },
    toColumns: ({ id, group: name, outcome, attempt, waited, ran, value, omitted, error }) => {
      const hasDetail = name !== undefined || error !== undefined;
      const detail = {
        ...defined({ name, attempt, waited, ran, value, omitted, error }),
      } satisfies EndedTask;
      return { id, n: OUTCOMES.indexOf(outcome), detail: hasDetail ? detail : undefined };
    },
  },
  'task.interrupted': {
    fields: { id: whole, unstarted: optional(flag), suspended: optional(flag) },
    toColumns: ({ id, unstarted, suspended }) => {
      return { id, n: unstarted ? UNSTARTED : suspended ? SUSPENDED : 0, detail: undefined };
    },
  },
  'task.prioritised': {
    fields: { id: whole, priority: finite },
    toColumns: ({ id, priority }) => ({ id, n: 0, detail: priority }),
  },

  'group.created': {
    fields: {
      group: text,
      method: oneOf('apply', 'map', 'starmap', 'doublestarmap', 'start', 'submit'),
      functionName: text,
      numConcurrent: limit,
      planned: optional(whole),
      args: optional(list),
      items: optional(oneOf('supplied', 'queued', 'submitted')),
      passContext: optional(flag),
      keepResults: optional(limit),
      onError: optional(oneOf('stop', 'cancel')),
      timeout: optional(time),
      waitTimeout: optional(time),
      deadline: optional(time),
      retry: optional(retryNumbers),
      maxInterruptions: optional(limit),
      needs: optional(texts),
      priority: optional(finite),
      limits: optional(recordOf(orNull(limitKey))),
      lookahead: optional(whole),
    },
    toColumns: (created) => {
      return { id: 0, n: 0, detail: { name: created.group, created } satisfies CreatedGroup };
    },
  },
  'group.supplied': { fields: { group: text, items: list } },
  'group.submitted': { fields: { group: text, calls: submittedCalls } },
  'group.withdrawn': { fields: { group: text, indices: wholes } },
  'group.resized': { fields: { group: text, numConcurrent: limit } },
  'group.prioritised': { fields: { group: text, priority: finite } },
  'group.paused': { fields: { group: text } },
  'group.resumed': { fields: { group: text } },
  'group.exhausted': {
    fields: { group: text, created: whole },
    toColumns: ({ group, created }) => ({ id: 0, n: created, detail: { name: group } }),
  },
  'group.failed': { fields: { group: text, error: errorData } },
  'group.cancelled': { fields: { group: text, reason: optional(anyJson) } },

  'callback.failed': { fields: { id: whole, callback: oneOf('end', 'cancel'), error: errorData } },
  'journal.failed': { fields: { error: errorData } },
  'limit.changed': { fields: { limit: text, concurrent: limit, rate } },
  'limit.paused': { fields: { limit: text, key: limitKey, until: finite } },

  'pool.created': {
    fields: {
      kind: oneOf('TaskPool', 'SimpleTaskPool'),
      poolSize: limit,
      retain,
      limits: optional(recordOf(limitNumbers)),
      uid: optional(text),
    },
  },
  'pool.resized': { fields: { poolSize: limit, reason: optional(text) } },
  'pool.locked': { fields: {} },
  'pool.unlocked': { fields: {} },
  'pool.paused': { fields: {} },
  'pool.resumed': { fields: {} },
  'pool.suspended': { fields: {} },
  'pool.flushed': { fields: { forgotten: whole } },
  'pool.recovered': { fields: { uid: optional(text) } },
  'pool.closing': { fields: {} },
  'pool.closed': { fields: {} },
};

const ROWS = EVENT_TYPES.map((type) => FORMS[type]) as readonly EventForm[];

/** The columns of an event; `decode` is the way back. */
export function encode(event: PoolEvent): CompactEvent {
  const code = codeOf(event.type);
  const { toColumns } = ROWS[code] as EventForm;
  if (toColumns !== undefined) return { code, ...toColumns(event) };
  const { v: _, pool, seq, at, type, ...detail } = event;
  return { code, id: 0, n: 0, detail };
}

/**
 * Checks an event that comes from outside: a file, a socket, a caller. Fields that are not in the
 * table are left alone: a later version may have added them.
 *
 * @throws RangeError for an unknown type, TypeError for a field that is missing or of the wrong type.
 */
export function checkFields(event: PoolEvent): void {
  const row = ROWS[codeOf(event.type)] as EventForm;
  const fields: Readonly<Record<string, FieldCheck>> = row.fields;
  for (const name in fields) {
    const { accepts, expected, isOptional } = fields[name] as FieldCheck;
    const value = (event as unknown as Record<string, unknown>)[name];
    if (value === undefined ? isOptional : accepts(value)) continue;
    const given = value === undefined ? 'nothing' : JSON.stringify(value)?.slice(0, 80);
    throw new TypeError(`expected ${name} of ${event.type} to be ${expected}, got ${given}`);
  }
}
