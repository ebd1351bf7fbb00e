/** Telling a full disk from other errors. */

import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFull } from '../../index.ts';

/** The disk, the quota, and what a process may write to one file. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A `StoreFull` for an error that says so, and any other error as it is. */
export function fullOr(error: unknown, path: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!FULL.includes(code)) return error;
  return new StoreFull(`expected room for more, got ${code}: ${path}`, { cause: error });
}

/** A disk with less room than this has none for what is being written. */
const SCARCE = 256 * 1024;

/** Whether the disk of a file is full, for errors that do not say why something failed. */
export function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < SCARCE;
  } catch {
    return false;
  }
}
