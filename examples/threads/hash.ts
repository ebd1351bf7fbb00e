/** The work of each thread: the digest of a file, repeated many times so that it takes long. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The SHA-512 of a file, hashed again until there were `rounds` rounds. */
export function hash(path: string, rounds: number): string {
  let digest = createHash('sha512').update(readFileSync(path)).digest();
  for (let round = 1; round < rounds; round++)
    digest = createHash('sha512').update(digest).digest();
  return digest.toString('hex');
}
