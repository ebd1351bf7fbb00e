/** Makes the creation, renaming or removal of files durable. */

import { closeSync, fsyncSync, openSync } from 'node:fs';
import { fileError } from './file-error.ts';

/** Error codes of systems that cannot sync folders; Windows need not. */
const UNABLE = ['EINVAL', 'EPERM', 'EISDIR'];

/** Forces a folder to disk, if the system supports that. @throws StoreFull, or a system error. */
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
