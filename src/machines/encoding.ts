/**
 * The compact form of an event: five columns instead of an object.
 *
 * | type | id | n | detail |
 * |---|---|---|---|
 * | `task.queued` | id | index | identity of the group, or its name and the item |
 * | `task.started`, `task.cancelled`, `task.interrupted` | id | | |
 * | `task.progressed` | id | | progress |
 * | `task.cancelling` | id | | reason or undefined |
 * | `task.ended` | id | code of the outcome | error or undefined |
 * | `group.created` | | | identity of the group |
 * | `group.exhausted` | | created | identity of the group |
 * | all others | | | the event's fields |
 *
 * Most events of a pool are of the first kinds. Keeping them as columns costs a third of what
 * keeping objects costs, in time and in memory.
 */

import {
  type ErrorData,
  EVENT_TYPES,
  EVENT_VERSION,
  type EventFields,
  type EventType,
  type Json,
  type Outcome,
  type PoolEvent,
  type PoolEventOf,
} from '../events.ts';
import { Code, type EventCode } from './charts.ts';
import { GroupIdentity, type GroupStorage } from './records.ts';

/** Outcomes by their codes. */
export const OUTCOMES: readonly Outcome[] = ['fulfilled', 'rejected', 'cancelled'];

const CODES = new Map<string, EventCode>(
  EVENT_TYPES.map((type, code) => [type, code as EventCode]),
);

/** The code of an event type. Throws a `RangeError` for a type there is not. */
export function codeOf(type: string): EventCode {
  const code = CODES.get(type);
  if (code === undefined) {
    throw new RangeError(`expected one of ${EVENT_TYPES.join(', ')}, got '${type}'`);
  }
  return code;
}

/** An event in its compact form, where it needs to be an object after all. */
export interface CompactEvent {
  readonly code: EventCode;
  readonly id: number;
  readonly n: number;
  readonly detail: unknown;
}

/** Compacts an event. */
export function encode(event: PoolEvent): CompactEvent {
  const code = codeOf(event.type);
  switch (event.type) {
    case 'task.queued':
      return { code, id: event.id, n: event.index, detail: queuedDetail(event) };
    case 'task.started':
    case 'task.cancelled':
    case 'task.interrupted':
      return { code, id: event.id, n: 0, detail: undefined };
    case 'task.progressed':
      return { code, id: event.id, n: 0, detail: event.progress };
    case 'task.cancelling':
      return { code, id: event.id, n: 0, detail: event.reason };
    case 'task.ended':
      return { code, id: event.id, n: OUTCOMES.indexOf(event.outcome), detail: event.error };
    case 'group.created':
      return { code, id: 0, n: 0, detail: identityOf(event) };
    case 'group.exhausted':
      return { code, id: 0, n: event.created, detail: { name: event.group } };
    default: {
      const { v, pool, seq, at, type, ...fields } = event;
      return { code, id: 0, n: 0, detail: fields };
    }
  }
}

/** Makes the event that {@link encode} compacted. */
export function decode(
  pool: string,
  seq: number,
  at: number,
  code: EventCode,
  id: number,
  n: number,
  detail: unknown,
): PoolEvent {
  const v = EVENT_VERSION;
  const type = EVENT_TYPES[code] as EventType;
  // Whole objects for what happens most: parts put together cost several times as much.
  switch (code) {
    case Code.taskQueued:
      return queuedEvent(
        { v, pool, seq, at, type: 'task.queued', id, group: (detail as Named).name, index: n },
        detail,
      );
    case Code.taskStarted:
      return { v, pool, seq, at, type: 'task.started', id };
    case Code.taskCancelled:
      return { v, pool, seq, at, type: 'task.cancelled', id };
    case Code.taskInterrupted:
      return { v, pool, seq, at, type: 'task.interrupted', id };
    case Code.taskEnded:
      return endedEvent(
        { v, pool, seq, at, type: 'task.ended', id, outcome: OUTCOMES[n] as Outcome },
        detail,
      );
    default:
      return Object.assign(
        { v, pool, seq, at, type },
        otherFields(code, id, n, detail),
      ) as PoolEvent;
  }
}

/** The group of an event, by what it is called in it. */
interface Named {
  readonly name: string;
}

/** In place of the identity of the group, where the event holds the item. */
export interface QueuedItem extends Named {
  readonly item: Json;
}

/** The identity that a `group.created` tells of. */
export function identityOf(fields: EventFields['group.created']): GroupIdentity {
  const { group, method, functionName, numConcurrent, planned } = fields;
  const storage = storageOf(fields);
  return new GroupIdentity(group, { method, functionName, numConcurrent, planned, storage });
}

/** What there is of a {@link GroupStorage} among other fields; undefined if nothing. */
function storageOf({ args, items, passContext }: GroupStorage): GroupStorage | undefined {
  if (args === undefined && items === undefined) return undefined;
  return {
    ...(args === undefined ? {} : { args }),
    ...(items === undefined ? {} : { items }),
    ...(passContext === undefined ? {} : { passContext }),
  };
}

function queuedDetail({ group, item }: EventFields['task.queued']): Named | QueuedItem {
  return item === undefined ? { name: group } : { name: group, item };
}

function queuedEvent(event: PoolEventOf<'task.queued'>, detail: unknown): PoolEvent {
  const { item } = detail as Partial<QueuedItem>;
  return item === undefined ? event : { ...event, item };
}

function endedEvent(event: PoolEventOf<'task.ended'>, error: unknown): PoolEvent {
  return error === undefined ? event : { ...event, error: error as ErrorData };
}

function otherFields(code: EventCode, id: number, n: number, detail: unknown): object {
  switch (code) {
    case Code.taskProgressed:
      return { id, progress: detail };
    case Code.taskCancelling:
      return detail === undefined ? { id } : { id, reason: detail };
    case Code.groupCreated:
      return createdFields(detail as GroupIdentity);
    case Code.groupExhausted:
      return { group: (detail as Named).name, created: n };
    default:
      return detail as object;
  }
}

/** What `group.created` tells of a group. */
export function createdFields({ name, kind }: GroupIdentity): EventFields['group.created'] {
  const { method, functionName, numConcurrent, planned, storage } = kind;
  const fields = { group: name, method, functionName, numConcurrent };
  return { ...fields, ...(planned === undefined ? {} : { planned }), ...storage };
}
