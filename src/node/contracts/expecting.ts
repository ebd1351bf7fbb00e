/** The assertions of contracts. */

import { deepStrictEqual, fail } from 'node:assert/strict';

export { deepStrictEqual as equal, match, ok, throws as fails } from 'node:assert/strict';

/** Asserts that an object has these fields; nested objects may have others as well. */
export function has(actual: unknown, fields: object): void {
  deepStrictEqual(pick(actual, fields), fields);
}

/** The error with which a promise rejects. */
export async function errorOf(promise: unknown): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  return fail('expected an error, got none');
}

/** Polls a condition without an event. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** The part of a value that has the expected fields. */
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
