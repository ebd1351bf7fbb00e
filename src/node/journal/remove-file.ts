/** Removing files that may be gone already. */

import { unlinkSync } from 'node:fs';
import { isMissing, onFile } from './file-error.ts';

/** @throws StoreFull, or an error of the system. */
export function removeFile(path: string): void {
  onFile(path, () => {
    try {
      unlinkSync(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  });
}

/** The same where it does not matter: what counts has been done, or has failed before. */
export function removeQuietly(path: string): void {
  try {
    removeFile(path);
  } catch {
    // It stays, and whoever opens the journal next removes it.
  }
}
