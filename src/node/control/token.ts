/** Tokens, compared so that the time it takes tells nothing about them. */

import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the token that was given is the one that was expected. */
export function isToken(expected: string, given: string | undefined): boolean {
  // Hashes have one length, whatever was hashed.
  return timingSafeEqual(digest(expected), digest(given ?? '')) && given !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
