/** Makes it last that a file was created, renamed or removed. */

import { closeSync, fsyncSync, openSync } from 'node:fs';
import { fileError } from './file-error.ts';

/** What systems say that cannot do that; Windows, which cannot, need not. */
const UNABLE = ['EINVAL', 'EPERM', 'EISDIR'];

/** Forces a folder to the disk, where the system can do that. @throws StoreFull, or an error of the system. */
export function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!UNABLE.includes(code)) throw fileError(error, folder);
  }
}
