/** The reasons that tasks are cancelled with, and which errors mean that a task complied. */

import type { Json } from '../../events/events.ts';
import { describe } from '../../kit/checks.ts';
import { abortError } from '../../kit/on-abort.ts';
import { markHandled } from '../../kit/promises.ts';
import { isAbortError, toJson } from '../../machines/to-json.ts';
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

/** The codes of Node's AbortError and of axios' CanceledError; others are named AbortError. */
const ABORT_CODES: readonly unknown[] = ['ABORT_ERR', 'ERR_CANCELED'];

/** The most errors to check: a getter `cause` or `errors` could return new ones forever. */
const MOST = 10_000;

/**
 * Whether an error only means an abort: it is the reason of the abort or an AbortError, has one as its `cause`, or
 * combines several errors that all do.
 */
function isAbort(error: unknown, reason: unknown): boolean {
  // Thrown values are foreign: getters may throw, and causes may form a cycle.
  try {
    const found = new Set([error]);
    let isAborted = false;
    for (const each of found) {
      if (Object.is(each, reason) || isAbortError(each) || hasAbortCode(each)) isAborted = true;
      else {
        const parts = errorsIn(each);
        if (parts.length === 0) return false;
        for (const part of parts) if (found.add(part).size > MOST) return false;
      }
    }
    return isAborted;
  } catch {
    return false;
  }
}

function hasAbortCode(error: unknown): boolean {
  return ABORT_CODES.includes((Object(error) as { code?: unknown }).code);
}

/** The errors that an error combines or wraps. */
function errorsIn(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  const { errors, cause, name } = error as Partial<AggregateError>;
  if (Array.isArray(errors) && errors.length > 0) return errors;
  if (name === 'SuppressedError') {
    const { error: last, suppressed } = error as { error?: unknown; suppressed?: unknown };
    return [last, suppressed];
  }
  return cause === undefined ? [] : [cause];
}

/** Decides whether an error that a function threw after its signal was aborted is due to the abort. */
export class GivingIn {
  /** Used for groups without their own. */
  readonly #isCancellation: IsCancellation | undefined;
  readonly #logger: Logger;

  constructor(isCancellation: IsCancellation | undefined, logger: Logger) {
    this.#isCancellation = isCancellation;
    this.#logger = logger;
  }

  includes(task: Task, error: unknown): boolean {
    if (isAbort(error, task.abortReason)) return true;
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
