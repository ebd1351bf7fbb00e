/** The size of a value as JSON. */

/** Up to this length it is not worth looking at what has to be escaped. */
const SHORT = 65_536;
/** Most numbers are not longer. */
const NUMBER = 8;

/**
 * About how many characters plain JSON data takes as JSON. Nothing is serialised for it, save for
 * long strings, whose escapes would matter.
 */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') {
    return value.length <= SHORT ? value.length + 2 : sizeOfLong(value);
  }
  if (typeof value !== 'object' || value === null) return NUMBER;
  let size = 2;
  if (Array.isArray(value)) {
    for (const part of value) size += jsonSize(part) + 1;
    return size;
  }
  const parts = value as { readonly [key: string]: unknown };
  for (const key in parts) size += key.length + 4 + jsonSize(parts[key]);
  return size;
}

function sizeOfLong(text: string): number {
  try {
    return JSON.stringify(text).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
