/** Removes files that may not exist any more. */

import { unlinkSync } from 'node:fs';
import { isMissing, onFile } from './file-error.ts';

/**
 * @throws StoreFull, or a system error.
 */
export function removeFile(path: string): void {
  onFile(path, () => {
    try {
      unlinkSync(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  });
}

/** Like `removeFile`, but ignores errors, for cleanup after the actual operation. */
export function removeQuietly(path: string): void {
  try {
    removeFile(path);
  } catch {
    // It remains, and is removed when the journal is opened again.
  }
}
