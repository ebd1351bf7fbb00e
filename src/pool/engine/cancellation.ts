/** Cancellations: what tasks are cancelled with, and which errors say that a task gave in. */

import type { Json } from '../../events.ts';
import { isAbortError, toJson } from '../to-json.ts';

export interface Cancellation {
  /** What signals are aborted with: the reason given, or the platform's AbortError. */
  readonly reason: unknown;
  /** The reason given, as plain data; undefined if there was none. */
  readonly json: Json | undefined;
}

/** Made once for all the tasks that it concerns. */
export function cancellation(reason: unknown): Cancellation {
  if (reason !== undefined) return { reason, json: toJson(reason) };
  // What `AbortController.abort()` aborts with.
  return { reason: new DOMException('This operation was aborted', 'AbortError'), json: undefined };
}

/** The codes of Node's AbortError and of axios' CanceledError; others are named AbortError. */
const ABORT_CODES: readonly unknown[] = ['ABORT_ERR', 'ERR_CANCELED'];

/**
 * Whether an error stands for an abort and nothing else: it is the reason of the abort or an
 * AbortError, has one as its `cause`, or combines several errors of which each does.
 */
export function isAbort(error: unknown, reason: unknown): boolean {
  // What is thrown is foreign: getters may throw, and causes may run in circles.
  try {
    const found = new Set([error]);
    let isAborted = false;
    for (const each of found) {
      if (Object.is(each, reason) || isAbortError(each) || hasAbortCode(each)) isAborted = true;
      else {
        const parts = splitCheckpoint(each);
        if (parts.length === 0) return false;
        for (const part of parts) found.add(part);
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
function splitCheckpoint(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  const { errors, cause, name } = error as Partial<AggregateError>;
  if (Array.isArray(errors) && errors.length > 0) return errors;
  if (name === 'SuppressedError') {
    const { error: last, suppressed } = error as { error?: unknown; suppressed?: unknown };
    return [last, suppressed];
  }
  return cause === undefined ? [] : [cause];
}
