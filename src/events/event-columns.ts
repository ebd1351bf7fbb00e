/**
 * In memory an event is five columns instead of an object: its code, `at`, `id`, `n` and `detail`. Columns take a
 * third of the time and memory that objects take. The meaning of `n` and `detail` depends on the type of the
 * event; the types here describe every `detail` that differs from the event's fields.
 */

import type { ErrorData, EventFields, Json, Outcome, TimeoutKind } from './events.ts';

/** The part of a group that the columns of its events need. */
export interface Named {
  readonly name: string;
}

/** The detail of `group.created`. */
export interface CreatedGroup extends Named {
  readonly created: EventFields['group.created'];
}

/** The detail of a `task.queued` that contains more than the group of the task. */
export interface QueuedTask
  extends Named,
    Pick<EventFields['task.queued'], 'item' | 'priority' | 'keys'> {}

/** Outcomes by their codes. */
export const OUTCOMES: readonly Outcome[] = ['fulfilled', 'rejected', 'cancelled'];

/** The range of outcomes, and of each time in microseconds (about 33 s), in the `n` of a `task.ended`. */
const OUTCOME_SPAN = 4;
const TIME_SPAN = 2 ** 25;

/**
 * The `n` of a `task.ended`: the code of its outcome, and with it how long the task waited and ran, in whole
 * microseconds. So the end of most tasks allocates nothing: the detail is shared by all tasks of the group, or by
 * those with the same attempt number. Undefined for times that are too long: those are part of the detail.
 */
export function endOf(outcome: number, waited: number, ran: number): number | undefined {
  if (waited >= TIME_SPAN || ran >= TIME_SPAN) return undefined;
  return outcome + OUTCOME_SPAN * (1 + waited + TIME_SPAN * ran);
}

/** The code of the outcome in the `n` of a `task.ended`. */
export function outcomeIn(n: number): number {
  return n < OUTCOME_SPAN ? n : n - OUTCOME_SPAN * Math.floor(n / OUTCOME_SPAN);
}

/** Whether the `n` of a `task.ended` contains how long the task waited and ran. */
export function hasTimes(n: number): boolean {
  return n >= OUTCOME_SPAN;
}

/** How long a task waited, in whole microseconds, from the `n` of its `task.ended`. */
export function waitedIn(n: number): number {
  const times = timesIn(n);
  return times - TIME_SPAN * Math.floor(times / TIME_SPAN);
}

/** How long it ran, in whole microseconds. */
export function ranIn(n: number): number {
  return Math.floor(timesIn(n) / TIME_SPAN);
}

function timesIn(n: number): number {
  return Math.floor(n / OUTCOME_SPAN) - 1;
}

/** Time limits by their codes. */
export const TIMEOUT_KINDS: readonly TimeoutKind[] = ['timeout', 'waitTimeout', 'deadline'];

/** The `n` of a `task.interrupted` that does not count towards `maxInterruptions`, by its reason. */
export const UNSTARTED = 1;
export const SUSPENDED = 2;

/** The result in the detail of a `task.ended`, if results are stored in the journal. */
export interface KeptResult {
  readonly value?: Json | undefined;
  readonly omitted?: true | undefined;
}

/** The detail of a `task.ended` that contains more than its outcome and its group. */
export interface EndedTask extends Partial<Named>, KeptResult {
  readonly error?: ErrorData | undefined;
  readonly attempt?: number | undefined;
  readonly waited?: number | undefined;
  readonly ran?: number | undefined;
}

/** The detail of `task.failed`. */
export interface FailedAttempt {
  readonly group?: string | undefined;
  readonly error: ErrorData;
  readonly retryAt: number;
  readonly waited?: number | undefined;
  readonly ran?: number | undefined;
}

/** The type of an object without its undefined fields. */
export type Defined<T> = {
  [F in keyof T as undefined extends T[F] ? never : F]: T[F];
} & { [F in keyof T as undefined extends T[F] ? F : never]?: Exclude<T[F], undefined> };

/** The object without its undefined fields. */
export function defined<const T extends object>(fields: T): Defined<T> {
  const given: Partial<T> = {};
  for (const name in fields) if (fields[name] !== undefined) given[name] = fields[name];
  return given as unknown as Defined<T>;
}
