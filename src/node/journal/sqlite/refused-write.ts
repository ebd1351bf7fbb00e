/** Determines why writing fails, since SQLite does not report the system error. */

import { writeFileSync } from 'node:fs';
import { fileError } from '../file-error.ts';
import { removeQuietly } from '../remove-file.ts';

/** A disk without room for this counts as full. */
const PROBE = Buffer.alloc(256 * 1024);

/**
 * Tries to write a file next to another one. Returns a `StoreFull` or the system error, for instance that the file
 * system is read-only; undefined if writing succeeds.
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
