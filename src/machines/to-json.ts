/**
 * Converts what users throw, give as reasons and report to the plain data that events carry. Such values may be
 * hostile: a throwing getter must not keep a task from ending.
 */

import type { ErrorData, Json } from '../events/events.ts';
import { isError, read } from '../kit/realms.ts';
import { freezeJson } from './pool-snapshot.ts';

/** An error, or any other thrown value, as frozen data. */
export function errorData(error: unknown): ErrorData {
  if (!isError(error)) return Object.freeze({ name: typeof error, message: textOf(error) });
  const data = { name: textOf(read(error, 'name')), message: textOf(read(error, 'message')) };
  const code = read(error, 'code');
  if (typeof code !== 'string' && typeof code !== 'number') return Object.freeze(data);
  return Object.freeze({ ...data, code });
}

/** Any value as frozen data: its JSON, the fields of an error, or else its text. */
export function toJson(value: unknown): Json {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (isError(value)) return errorData(value) as unknown as Json;
  try {
    const text = JSON.stringify(value);
    return text === undefined ? textOf(value) : freezeJson(JSON.parse(text) as Json);
  } catch {
    return textOf(value);
  }
}

/** Whether a thrown value is an AbortError of the platform. */
export function isAbortError(error: unknown): boolean {
  return read(Object(error), 'name') === 'AbortError';
}

/** The name of a function, or `anonymous`; its property `name` may be anything. */
export function nameOf(fn: object): string {
  try {
    const { name } = fn as { readonly name?: unknown };
    return typeof name === 'string' && name !== '' ? name : 'anonymous';
  } catch {
    return 'anonymous';
  }
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `[${typeof value}]`;
  }
}
