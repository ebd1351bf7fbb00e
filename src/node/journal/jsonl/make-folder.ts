/** Makes the folder of a journal. */

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { onFile } from '../file-error.ts';
import { syncFolder } from '../sync-folder.ts';

/**
 * Makes a folder that is not there, and those that it is in. What Node has for that says `ENOENT` whatever the
 * cause is, and where it is true may try forever.
 *
 * @param isForced whether they are to survive a power loss.
 * @throws StoreFull, or an error of the system.
 */
export function makeFolder(folder: string, isForced: boolean): void {
  if (isFolder(folder)) return;
  try {
    onFile(folder, () => mkdirSync(folder));
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isFolder(parent)) throw error;
    makeFolder(parent, isForced);
    makeFolder(folder, isForced);
    return;
  }
  if (isForced) syncFolder(dirname(folder));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
