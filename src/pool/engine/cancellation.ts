/** The reasons that tasks are cancelled with, and which errors mean that a task complied. */

import type { Json } from '../../events/events.ts';
import { describe } from '../../kit/checks.ts';
import { abortError } from '../../kit/on-abort.ts';
import { markHandled } from '../../kit/promises.ts';
import { read } from '../../kit/realms.ts';
import { toJson } from '../../machines/to-json.ts';
import type { Task } from '../live/live.ts';
import type { IsCancellation } from '../options/group-options.ts';
import type { Logger } from '../options/pool-options.ts';

export interface Cancellation {
  /** The reason that signals are aborted with: the given one, or an AbortError of the platform. */
  readonly reason: unknown;
  /** The reason given, as plain data; undefined if there was none. */
  readonly json: Json | undefined;
}

/** Created once for all tasks of a call. */
export function cancellation(reason: unknown): Cancellation {
  if (reason !== undefined) return { reason, json: toJson(reason) };
  return { reason: abortError(), json: undefined };
}

/** The name of the platform's AbortError, and the codes of Node's and of axios' CanceledError. */
const ABORTS: readonly unknown[] = ['AbortError', 'ABORT_ERR', 'ERR_CANCELED'];

/** The most errors to check. */
const MOST = 10_000;
/** How much an error counts that a getter returns: it could return new ones forever, which take time to create. */
const MADE = 100;

/**
 * Whether an error only means an abort: it is the reason of the abort or an AbortError, has one as its `cause`, or
 * combines several errors that all do.
 */
function isAbort(error: unknown, reason: unknown): boolean {
  // Most functions throw the reason itself.
  if (Object.is(error, reason)) return true;
  // Thrown values are foreign: getters may throw, and causes may form a cycle.
  try {
    const found = new Set([error]);
    let isAborted = false;
    let left = MOST;
    for (const each of found) {
      if (Object.is(each, reason) || isNamedAbort(each)) isAborted = true;
      else {
        const [key, parts] = errorsIn(each);
        left -= parts.length * (isField(each, key) ? 1 : MADE);
        if (parts.length === 0 || left < 0) return false;
        for (const part of parts) found.add(part);
      }
    }
    return isAborted;
  } catch {
    return false;
  }
}

function isNamedAbort(error: unknown): boolean {
  return ABORTS.includes(read(error, 'name')) || ABORTS.includes(read(error, 'code'));
}

/** The errors that an error combines or wraps, and the property that contains them. */
function errorsIn(thrown: unknown): [key: string, parts: readonly unknown[]] {
  const { errors, cause, name, error, suppressed } = Object(thrown) as Partial<
    SuppressedError & AggregateError
  >;
  if (Array.isArray(errors) && errors.length > 0) return ['errors', errors];
  if (name === 'SuppressedError') return ['error', [error, suppressed]];
  return ['cause', cause === undefined ? [] : [cause]];
}

/** Whether an object has an own property without a getter. */
function isField(object: unknown, key: string): boolean {
  return Object.getOwnPropertyDescriptor(object, key)?.writable !== undefined;
}

/** The errors that functions throw because their signal was aborted. */
export class AbortErrors {
  /** Used for groups without their own. */
  readonly #isCancellation: IsCancellation | undefined;
  readonly #logger: Logger;

  constructor(isCancellation: IsCancellation | undefined, logger: Logger) {
    this.#isCancellation = isCancellation;
    this.#logger = logger;
  }

  /** Whether the function of a task threw an error because of the abort. */
  include(task: Task, error: unknown): boolean {
    if (isAbort(error, task.run?.reason)) return true;
    const isCancellation = task.work.callbacks?.isCancellation ?? this.#isCancellation;
    if (isCancellation === undefined) return false;
    try {
      const answer: unknown = isCancellation(error, task.signal);
      if (typeof answer === 'boolean') return answer;
      markHandled(answer);
      throw new TypeError(`expected isCancellation to return a boolean, got ${describe(answer)}`);
    } catch (problem) {
      this.#logger.error(`isCancellation failed for task ${task.id}`, problem);
      return false;
    }
  }
}
