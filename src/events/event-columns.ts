/**
 * In memory an event is five columns instead of an object: its code, `at`, `id`, `n` and `detail`. Columns take a
 * third of the time and memory that objects take. The meaning of `n` and `detail` depends on the type of the
 * event; the types here describe every `detail` that differs from the event's fields.
 */

import type { ErrorData, EventFields, Json, Outcome, TimeoutKind } from './events.ts';

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

/** Outcomes take so much of the `n` of a `task.ended`, and each time so many microseconds, about 33 s. */
const OUTCOME_SPAN = 4;
const TIME_SPAN = 2 ** 25;

/**
 * The `n` of a `task.ended`: the code of its outcome, and with it how long the task waited and ran, in whole
 * microseconds. So there is nothing to allocate for the end of most tasks: the detail is that of its group, or of
 * its group and the attempt. Undefined for times that are too long for that: they are part of the detail.
 */
export function endOf(outcome: number, waited: number, ran: number): number | undefined {
  if (waited >= TIME_SPAN || ran >= TIME_SPAN) return undefined;
  return outcome + OUTCOME_SPAN * (1 + waited + TIME_SPAN * ran);
}

/** The code of the outcome in the `n` of a `task.ended`. */
export function outcomeIn(n: number): number {
  return n < OUTCOME_SPAN ? n : n - OUTCOME_SPAN * Math.floor(n / OUTCOME_SPAN);
}

/** Whether the `n` of a `task.ended` says how long the task waited and ran. */
export function hasTimes(n: number): boolean {
  return n >= OUTCOME_SPAN;
}

/** Whole microseconds that a task waited, by the `n` of its `task.ended`. */
export function waitedIn(n: number): number {
  const times = timesIn(n);
  return times - TIME_SPAN * Math.floor(times / TIME_SPAN);
}

/** The same of those that it ran. */
export function ranIn(n: number): number {
  return Math.floor(timesIn(n) / TIME_SPAN);
}

function timesIn(n: number): number {
  return Math.floor(n / OUTCOME_SPAN) - 1;
}

/** Time limits by their codes. */
export const TIMEOUT_KINDS: readonly TimeoutKind[] = ['timeout', 'waitTimeout', 'deadline'];

/** The `n` of a `task.interrupted` that does not count, and why. */
export const UNSTARTED = 1;
export const SUSPENDED = 2;

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
  readonly group?: string | undefined;
  readonly error: ErrorData;
  readonly retryAt: number;
  readonly waited?: number | undefined;
  readonly ran?: number | undefined;
}

/** Fields of which some may be undefined, without those that are. */
export type Defined<T> = {
  [F in keyof T as undefined extends T[F] ? never : F]: T[F];
} & { [F in keyof T as undefined extends T[F] ? F : never]?: Exclude<T[F], undefined> };

/** The fields that there are. */
export function defined<T extends object>(fields: T): Defined<T> {
  const given: Partial<T> = {};
  for (const name in fields) if (fields[name] !== undefined) given[name] = fields[name];
  return given as unknown as Defined<T>;
}
