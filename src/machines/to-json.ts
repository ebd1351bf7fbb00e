/**
 * Converts what users throw, give as reasons and report to the plain data that events carry. Such values may be
 * hostile: a throwing getter must not keep a task from ending.
 */

import { defined } from '../events/event-columns.ts';
import type { ErrorData, Json } from '../events/events.ts';
import { jsonWithin, textWithin } from '../kit/bounded.ts';
import { isError, read } from '../kit/realms.ts';
import { freezeJson } from './pool-snapshot.ts';

/** The most characters in an event of a value as JSON, and of each text of an error. */
const LONGEST_VALUE = 1_048_576;
const LONGEST_TEXT = 65_536;

/** An error, or any other thrown value, as frozen data. */
export function errorData(error: unknown): ErrorData {
  if (!isError(error)) return Object.freeze({ name: typeof error, message: textOf(error) });
  const code = read(error, 'code');
  const data = {
    name: textOf(read(error, 'name')),
    message: textOf(read(error, 'message')),
    code: typeof code === 'string' ? textOf(code) : typeof code === 'number' ? code : undefined,
  };
  return Object.freeze(defined(data));
}

/** Any value as frozen data: its JSON, the fields of an error, or else its text. */
export function toJson(value: unknown): Json {
  if (isError(value)) return errorData(value) as unknown as Json;
  try {
    const text = typeof value === 'string' ? undefined : jsonWithin(LONGEST_VALUE, value);
    if (text !== undefined) return freezeJson(JSON.parse(text) as Json);
  } catch {
    // Falls back to its text.
  }
  return textWithin(LONGEST_VALUE, value);
}

/** The name of a function, or `anonymous`; its property `name` may be anything. */
export function nameOf(fn: object): string {
  const name = read(fn, 'name');
  return typeof name === 'string' && name !== '' ? name : 'anonymous';
}

function textOf(value: unknown): string {
  return textWithin(LONGEST_TEXT, value);
}
