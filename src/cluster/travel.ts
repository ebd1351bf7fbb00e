/** What arguments and results have to be, to come through Redis as they are. */

import { jsonSize } from '../kit/json-size.ts';
import { read } from '../kit/realms.ts';
import { checkJson } from '../remote/travel.ts';

/** A character may take six of them, a number three times what it is taken for. */
const MOST_ESCAPED = 6;

/** @throws CannotTravel for what JSON would change, RangeError for what is too large. */
export function checkArguments(name: string, args: readonly unknown[], limit: number): void {
  checkJson(args, 'arguments');
  const advice = 'pass the address of what is large, or set maxArguments';
  checkSize(args, `the arguments of ${name}`, limit, advice);
}

/** @throws CannotTravel for what JSON would change, RangeError for what is too large. */
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
    // No text is that long.
    return Number.POSITIVE_INFINITY;
  }
}

/** Whether an error is what functions throw that gave in to an aborted signal. */
export function isAbort(error: unknown): boolean {
  return read(error, 'name') === 'AbortError';
}
