/** Writes a file atomically. */

import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../file-error.ts';
import { removeQuietly } from '../remove-file.ts';
import { syncFolder } from '../sync-folder.ts';

/**
 * @param isForced whether the file must survive a power loss.
 */
export function replaceFile(path: string, text: string, isForced: boolean): void {
  const draft = `${path}.draft`;
  try {
    const fd = openSync(draft, 'w');
    try {
      writeFileSync(fd, text);
      if (isForced) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    removeQuietly(draft);
    throw fileError(error, path);
  }
  if (isForced) syncFolder(dirname(path));
}
