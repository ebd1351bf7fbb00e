/** Compares tokens in constant time. */

import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the given token is the expected one. */
export function isToken(expected: string, given: string | undefined): boolean {
  // Hashed, since `timingSafeEqual` needs inputs of equal length.
  return timingSafeEqual(digest(expected), digest(given ?? '')) && given !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
