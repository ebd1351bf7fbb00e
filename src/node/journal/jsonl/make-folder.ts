/** Creates the folder of a journal. */

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { onFile } from '../file-error.ts';
import { syncFolder } from '../sync-folder.ts';

/**
 * Creates a folder and its missing parents. Node's `recursive` reports `ENOENT` for every cause, and may loop forever
 * if that is the cause.
 *
 * @param isForced whether the folders must survive a power loss.
 * @throws StoreFull, or a system error.
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
