/** Copies plain data. */

import type { Json } from '../events/events.ts';

/** A copy of plain data that its owner may change. */
export function copyJson(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  const copy: Record<string, Json> = {};
  for (const [key, part] of Object.entries(value)) putJson(copy, key, copyJson(part));
  return copy;
}

/** Sets a property of a copy: assigning to `__proto__` would set the prototype. */
export function putJson(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else {
    const property = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, key, property);
  }
}
