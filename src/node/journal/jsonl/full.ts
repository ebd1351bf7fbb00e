/** Telling a full disk from other errors. */

import { StoreFull } from '../../../index.ts';

/** The disk, the quota, and what a process may write to one file. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A `StoreFull` for an error that says so, and any other error as it is. */
export function fullOr(error: unknown, path: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!FULL.includes(code)) return error;
  return new StoreFull(`expected room for more, got ${code}: ${path}`, { cause: error });
}
