/** Why nothing can be written: SQLite does not say it. */

import { writeFileSync } from 'node:fs';
import { fileError } from '../file-error.ts';
import { removeQuietly } from '../remove-file.ts';

/** A disk with less room than this has none for what is being written. */
const PROBE = Buffer.alloc(256 * 1024);

/**
 * What the system answers who writes a file beside another one: a `StoreFull`, or its error, such as that the
 * file system is read only. Undefined if it writes it.
 */
export function refusedWrite(path: string): NodeJS.ErrnoException | undefined {
  const probe = `${path}.probe`;
  try {
    writeFileSync(probe, PROBE, { flush: true });
    return undefined;
  } catch (error) {
    return fileError(error, path) as NodeJS.ErrnoException;
  } finally {
    removeQuietly(probe);
  }
}
