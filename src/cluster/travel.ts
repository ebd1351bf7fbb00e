/** What arguments and results have to be, to come through Redis as they are. */

import { jsonSize } from '../kit/json-size.ts';
import { read } from '../kit/realms.ts';
import { checkJson } from '../remote/travel.ts';

/** @throws CannotTravel for what JSON would change, RangeError for what is too large. */
export function checkArguments(name: string, args: readonly unknown[], limit: number): void {
  checkJson(args, 'arguments');
  const size = jsonSize(args);
  if (size <= limit) return;
  throw new RangeError(
    `expected the arguments of ${name} to be at most ${limit} characters of JSON, got about ${size}: ` +
      'pass the address of what is large, or set maxArguments',
  );
}

/** @throws CannotTravel for what JSON would change, RangeError for what is too large. */
export function checkResult(name: string, value: unknown, limit: number): void {
  checkJson(value, 'the result');
  const size = jsonSize(value);
  if (size <= limit) return;
  throw new RangeError(
    `expected the result of ${name} to be at most ${limit} characters of JSON, got about ${size}: ` +
      'write what is large to a file or an object store and return its address, or set maxResult',
  );
}

/** Whether an error is what functions throw that gave in to an aborted signal. */
export function isAbort(error: unknown): boolean {
  return read(error, 'name') === 'AbortError';
}
