/** Makes it last that a file was created, renamed or removed. */

import { closeSync, fsyncSync, openSync } from 'node:fs';
import { fileError } from './file-error.ts';

/** Forces a folder to the disk, where the system can do that; Windows cannot, and need not. */
export function syncFolder(folder: string): void {
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'EISDIR') throw fileError(error, folder);
  } finally {
    closeSync(fd);
  }
}
