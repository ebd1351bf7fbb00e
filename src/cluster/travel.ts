/** Checks that arguments and results survive JSON, and their size. */

import { jsonSize } from '../kit/json-size.ts';
import { read } from '../kit/realms.ts';
import { checkJson } from '../remote/travel.ts';

/** Escapes make the JSON at most six times as long as the estimate, so small values need no exact size. */
const MOST_ESCAPED = 6;

/**
 * @throws CannotTravel for values that JSON would change, RangeError for values that are too large.
 */
export function checkArguments(name: string, args: readonly unknown[], limit: number): void {
  checkJson(args, 'arguments');
  const advice = 'pass the address of what is large, or set maxArguments';
  checkSize(args, `the arguments of ${name}`, limit, advice);
}

/**
 * @throws CannotTravel for values that JSON would change, RangeError for values that are too large.
 */
export function checkResult(name: string, value: unknown, limit: number): void {
  checkJson(value, 'the result');
  const advice =
    'write what is large to a file or an object store and return its address, or set maxResult';
  checkSize(value, `the result of ${name}`, limit, advice);
}

function checkSize(value: unknown, what: string, limit: number, advice: string): void {
  if (jsonSize(value) * MOST_ESCAPED <= limit) return;
  const size = exactSize(value);
  if (size <= limit) return;
  throw new RangeError(
    `expected ${what} to be at most ${limit} characters of JSON, got ${size}: ${advice}`,
  );
}

function exactSize(value: unknown): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    // It exceeds the maximum length of a string.
    return Number.POSITIVE_INFINITY;
  }
}

/** Whether an error is an `AbortError`, as functions throw when their signal is aborted. */
export function isAbort(error: unknown): boolean {
  return read(error, 'name') === 'AbortError';
}
