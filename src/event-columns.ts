/**
 * In memory an event is five columns instead of an object: its code, `at`, `id`, `n` and `detail`.
 * Keeping columns costs a third of what keeping objects costs, in time and in memory. What `n` and
 * `detail` hold is up to the event: it is said here where that is not all of its fields.
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

/** The fields that there are. */
export function defined<T extends object>(
  fields: T,
): { [F in keyof T]?: Exclude<T[F], undefined> } {
  const given: Partial<T> = {};
  for (const name in fields) if (fields[name] !== undefined) given[name] = fields[name];
  return given as { [F in keyof T]?: Exclude<T[F], undefined> };
}
