/** What went wrong with a file: with its path, and a full disk told from all else. */

import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFull } from '../../index.ts';
import { isError } from '../../kit/realms.ts';

/** The disk, the quota, and what a process may write to one file. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * A `StoreFull` for an error that says so. What failed with an open file does not say with which one: it
 * is added. Any other error as it is.
 */
export function fileError(error: unknown, path: string): unknown {
  const { code = '', syscall, path: told } = error as NodeJS.ErrnoException;
  if (FULL.includes(code)) {
    return new StoreFull(`expected room for more, got ${code}: ${path}`, { cause: error });
  }
  return syscall === undefined || told !== undefined
    ? error
    : errorAt(path, error, { code, syscall });
}

/** An error as Node makes those of the system, for one that does not say which file it is about. */
export function errorAt(
  path: string,
  error: unknown,
  fields: { readonly code?: string; readonly syscall: string },
): Error {
  const message = isError(error) ? error.message : String(error);
  return Object.assign(new Error(`${message}: ${path}`, { cause: error }), { ...fields, path });
}

/** Does something with a file. @throws what `fileError` makes of what that throws. */
export function onFile<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw fileError(error, path);
  }
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
