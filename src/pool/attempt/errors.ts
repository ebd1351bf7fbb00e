/** The errors that timeouts and failed attempts end a task with. */

import { TaskTimedOut } from '../../errors.ts';
import type { ErrorData, TimeoutKind } from '../../events/events.ts';
import { quoted } from '../../kit/printed.ts';
import { isError } from '../../kit/realms.ts';
import type { Task } from '../live/live.ts';

/** What a task fails with that has reached a limit in time. */
export function timedOutError({ id, group, work }: Task, which: TimeoutKind): TaskTimedOut {
  return reached(`task ${id} of ${quoted(group.name)}`, which, work.policy?.numbers[which] ?? 0);
}

/** The same, of whatever has reached the limit. */
export function reached(what: string, which: TimeoutKind, ms: number): TaskTimedOut {
  return new TaskTimedOut(`${what} has reached its ${which} of ${ms} ms`, which, ms);
}

/** An error of an attempt in another process, of which the journal has the data. */
export function formerError({ message, ...fields }: ErrorData): Error {
  return Object.assign(new Error(message), fields);
}

/** The same, with what the function threw after its signal was aborted. */
export function withCause(error: TaskTimedOut, thrown: unknown): TaskTimedOut {
  if (thrown === error || thrown === undefined) return error;
  return new TaskTimedOut(error.message, error.which, error.ms, thrown);
}

/**
 * The error that a task ends with, with those of all its attempts as `attempts`, the oldest first.
 * What is no error, or is frozen, is left as it is.
 */
export function withAttempts(error: unknown, earlier: readonly unknown[]): unknown {
  if (earlier.length === 0 || !isError(error)) return error;
  const value = Object.freeze([...earlier, error]);
  // Not enumerable, as `cause` and `errors` are not: it does not show where the error is printed.
  Reflect.defineProperty(error, 'attempts', { value, configurable: true, writable: true });
  return error;
}
