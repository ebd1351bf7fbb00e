/** What cases compare with. */

import { deepStrictEqual, fail } from 'node:assert/strict';

export { deepStrictEqual as equal, match, ok, throws as fails } from 'node:assert/strict';

/** Checks that an object has these fields; those that are objects may have others besides. */
export function has(actual: unknown, fields: object): void {
  deepStrictEqual(pick(actual, fields), fields);
}

/** What a promise rejects with. */
export async function errorOf(promise: unknown): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  return fail('expected an error, got none');
}

/** Waits for something that nobody tells of. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** What of a value is asked for. */
function pick(actual: unknown, fields: object): unknown {
  if (typeof actual !== 'object' || actual === null) return actual;
  const entries = Object.entries(fields).map(([name, expected]) => {
    const value: unknown = Reflect.get(actual, name);
    return [name, isLiteral(expected) ? pick(value, expected) : value];
  });
  return Array.isArray(fields) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function isLiteral(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
