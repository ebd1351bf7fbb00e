/** What went wrong with a file: with its path, and a full disk told from all else. */

import { constants } from 'node:os';
import { StoreFull } from '../../index.ts';
import { isError } from '../../kit/realms.ts';

/** The disk, the quota, and what a process may write to one file. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * A `StoreFull` for an error that says so. What failed with an open file does not say with which one: it
 * is added. Any other error as it is.
 */
export function fileError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  const { syscall, path: told } = error as NodeJS.ErrnoException;
  if (FULL.includes(code)) {
    return new StoreFull(`expected room for more, got ${code}: ${path}`, { cause: error });
  }
  return syscall === undefined || told !== undefined
    ? error
    : errorAt(path, error, { code, syscall });
}

/** Node has no name for a quota that is used up, but knows its number. */
function codeOf(error: unknown): string {
  const { code = '', errno = 0 } = error as NodeJS.ErrnoException;
  return -errno === constants.errno.EDQUOT ? 'EDQUOT' : code;
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

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
