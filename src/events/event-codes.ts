/** Derived from the table of events: the code of each type, and how an event is built from its columns. */

import { type EventRow, TABLE } from './event-table.ts';
import { EVENT_VERSION, type EventType, type PoolEvent } from './events.ts';

/**
 * Every event type; its place in the list is its code. Events of tasks come first, then those of groups, then those
 * that change nothing, then those of limits and of the pool: so one comparison shows what an event concerns, and the
 * codes of task events are the columns of the compiled task chart.
 */
export const EVENT_TYPES = Object.keys(TABLE) as readonly EventType[];

function typesAbout(subject: string): readonly EventType[] {
  return EVENT_TYPES.filter((type) => type.startsWith(`${subject}.`));
}

/** The events that move a task, in the order of the columns of the compiled task chart. */
export const TASK_EVENT_TYPES = typesAbout('task');

/** The events that move the pool, in the order of the columns of the compiled pool chart. */
export const POOL_EVENT_TYPES = typesAbout('pool');

/** The code of an event: its place in {@link EVENT_TYPES}. */
export type EventCode = number;

/** `task.queued` -> `taskQueued`. */
type CamelCase<T extends string> = T extends `${infer Subject}.${infer Verb}`
  ? `${Subject}${Capitalize<Verb>}`
  : T;

function camelCase(type: EventType): string {
  const [subject, verb = ''] = type.split('.');
  return `${subject}${verb.charAt(0).toUpperCase()}${verb.slice(1)}`;
}

/** The codes by name: `Code.taskQueued`. */
export const Code = Object.fromEntries(
  EVENT_TYPES.map((type, code) => [camelCase(type), code]),
) as { readonly [T in EventType as CamelCase<T>]: EventCode };

/** Codes below this one concern a task. */
export const GROUP_CODES = TASK_EVENT_TYPES.length;
/** Codes from {@link GROUP_CODES} to below this one concern a group. */
export const OTHER_CODES = GROUP_CODES + typesAbout('group').length;
/** Codes from this one on concern the pool. */
export const POOL_CODES = EVENT_TYPES.length - POOL_EVENT_TYPES.length;
/** Codes from this one to below {@link POOL_CODES} concern a limit; those before change nothing. */
export const LIMIT_CODES = POOL_CODES - typesAbout('limit').length;

const CODES = new Map<string, EventCode>(EVENT_TYPES.map((type, code) => [type, code]));
const ROWS = EVENT_TYPES.map((type) => TABLE[type]) as readonly EventRow[];

/** The code of an event type. @throws RangeError for an unknown type. */
export function codeOf(type: string): EventCode {
  const code = CODES.get(type);
  if (code === undefined) {
    throw new RangeError(`expected one of ${EVENT_TYPES.join(', ')}, got '${type}'`);
  }
  return code;
}

/** Builds the event from its columns. */
export function decode(
  pool: string,
  seq: number,
  at: number,
  code: EventCode,
  id: number,
  n: number,
  detail: unknown,
): PoolEvent {
  const { toEvent, fields } = ROWS[code] as EventRow;
  if (toEvent !== undefined) return toEvent(pool, seq, at, id, n, detail);
  return Object.assign(
    { v: EVENT_VERSION, pool, seq, at, type: EVENT_TYPES[code] },
    fields === undefined ? detail : fields(id, n, detail),
  ) as PoolEvent;
}
