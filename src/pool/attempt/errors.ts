/** The errors that timeouts and failed attempts end a task with. */

import { TaskTimedOut } from '../../errors.ts';
import type { ErrorData, TimeoutKind } from '../../events/events.ts';
import { quoted } from '../../kit/printed.ts';
import { isError } from '../../kit/realms.ts';
import type { Task } from '../live/live.ts';

/** The error of a task that reached a time limit. */
export function timedOutError({ id, group, work }: Task, which: TimeoutKind): TaskTimedOut {
  return reached(`task ${id} of ${quoted(group.name)}`, which, work.policy?.numbers[which] ?? 0);
}

/** The same for anything that reached a time limit. */
export function reached(what: string, which: TimeoutKind, ms: number): TaskTimedOut {
  return new TaskTimedOut(`${what} has reached its ${which} of ${ms} ms`, which, ms);
}

/** The error of an attempt in another process, from its data in the journal. */
export function formerError({ message, ...fields }: ErrorData): Error {
  return Object.assign(new Error(message), fields);
}

/** The timeout error with the error that the function threw after its signal was aborted as `cause`. */
export function withCause(error: TaskTimedOut, thrown: unknown): TaskTimedOut {
  if (thrown === error || thrown === undefined) return error;
  return new TaskTimedOut(error.message, error.which, error.ms, thrown);
}

/**
 * The error that a task ends with, with the errors of all attempts as `attempts`, the oldest first. Values that are
 * no errors, and frozen errors, are returned unchanged.
 */
export function withAttempts(error: unknown, earlier: readonly unknown[] = []): unknown {
  if (earlier.length === 0 || !isError(error)) return error;
  const value = Object.freeze([...earlier, error]);
  // Not enumerable, like `cause` and `errors`, so that it is not printed with the error.
  try {
    Reflect.defineProperty(error, 'attempts', { value, configurable: true, writable: true });
  } catch {
    // A proxy that refuses it.
  }
  return error;
}
