/** What each thread does: the digest of one file, many times over, as a slow one would cost. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The SHA-512 of a file, hashed again as often as `rounds` says. */
export function hash(path: string, rounds: number): string {
  let digest = createHash('sha512').update(readFileSync(path)).digest();
  for (let round = 1; round < rounds; round++)
    digest = createHash('sha512').update(digest).digest();
  return digest.toString('hex');
}
