/** Turns what users throw, give as reasons and report into the plain data that events carry. */

import type { ErrorData, Json } from '../events.ts';
import { freezeJson } from '../machines/pool-snapshot.ts';

/** An error, or whatever was thrown in place of one, as frozen data. */
export function errorData(error: unknown): ErrorData {
  if (!isErrorLike(error)) {
    return Object.freeze({ name: typeof error, message: textOf(error) });
  }
  const { code } = error as { code?: unknown };
  const data = { name: String(error.name), message: String(error.message) };
  if (typeof code !== 'string' && typeof code !== 'number') return Object.freeze(data);
  return Object.freeze({ ...data, code });
}

/** The name of a function; a class may have a static member in its place. */
export function nameOf(fn: { readonly name: unknown }): string {
  return typeof fn.name === 'string' && fn.name !== '' ? fn.name : 'anonymous';
}

/** Any value as frozen data: what JSON makes of it, an error's fields, or else its text. */
export function toJson(value: unknown): Json {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (isErrorLike(value)) return errorData(value) as unknown as Json;
  try {
    const text = JSON.stringify(value);
    return text === undefined ? textOf(value) : freezeJson(JSON.parse(text) as Json);
  } catch {
    return textOf(value);
  }
}

/** Errors of other realms and DOMException count as errors. */
function isErrorLike(value: unknown): value is { name: unknown; message: unknown } {
  if (value instanceof Error) return true;
  return Object.prototype.toString.call(value) === '[object DOMException]';
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
