/**
 * The compact form of an event: five columns instead of an object.
 *
 * | type | id | n | detail |
 * |---|---|---|---|
 * | `task.queued` | id | index | identity of the group |
 * | `task.started`, `task.cancelled` | id | | |
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
} from '../events.ts';
import { Code, type EventCode, TASK_EVENTS } from './charts.ts';
import { limitFromJson, limitToJson } from './limits.ts';
import { GroupIdentity } from './records.ts';

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
      return { code, id: event.id, n: event.index, detail: { name: event.group } };
    case 'task.started':
    case 'task.cancelled':
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
  const type = EVENT_TYPES[code] as EventType;
  const envelope = { v: EVENT_VERSION, pool, seq, at, type };
  if (code >= TASK_EVENTS)
    return Object.assign(envelope, otherFields(code, n, detail)) as PoolEvent;
  return Object.assign(envelope, { id }, taskFields(code, n, detail)) as PoolEvent;
}

/** The group of an event, by what it is called in it. */
interface Named {
  readonly name: string;
}

/** The identity that a `group.created` tells of. */
export function identityOf(fields: EventFields['group.created']): GroupIdentity {
  const { group, method, functionName, numConcurrent, planned } = fields;
  return new GroupIdentity(group, method, functionName, limitFromJson(numConcurrent), planned);
}

function otherFields(code: EventCode, n: number, detail: unknown): object {
  if (code === Code.groupExhausted) return { group: (detail as Named).name, created: n };
  if (code !== Code.groupCreated) return detail as object;
  const { name, method, functionName, numConcurrent, planned } = detail as GroupIdentity;
  const limit = limitToJson(numConcurrent);
  const fields = { group: name, method, functionName, numConcurrent: limit };
  return planned === undefined ? fields : { ...fields, planned };
}

function taskFields(code: EventCode, n: number, detail: unknown): Partial<AnyTaskFields> {
  switch (code) {
    case Code.taskQueued:
      return { group: (detail as Named).name, index: n };
    case Code.taskProgressed:
      return { progress: detail as Json };
    case Code.taskCancelling:
      return detail === undefined ? {} : { reason: detail as Json };
    case Code.taskEnded: {
      const outcome = OUTCOMES[n] as Outcome;
      return detail === undefined ? { outcome } : { outcome, error: detail as ErrorData };
    }
    default:
      return {};
  }
}

type AnyTaskFields = EventFields['task.queued'] &
  EventFields['task.progressed'] &
  EventFields['task.cancelling'] &
  EventFields['task.ended'];
