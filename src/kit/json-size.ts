/** The size of a value as JSON. */

/** Up to this length escapes are not counted. */
const SHORT = 65_536;
/** The assumed length of a number. */
const NUMBER = 8;

/**
 * About how many characters plain data takes as JSON. Only long strings are serialized for it, since their escapes
 * may matter.
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
