/** Adds the path to errors of files, and distinguishes a full disk. */

import { constants } from 'node:os';
import { StoreFull } from '../../index.ts';
import { isError } from '../../kit/realms.ts';

/** The error codes of a full disk, an exhausted quota, and a limit on the size of files. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/**
 * Converts errors of a full disk to `StoreFull`. Errors of operations on an open file get its path, which Node does
 * not add. Other errors are returned unchanged.
 */
export function fileError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  const { syscall, path: named } = error as NodeJS.ErrnoException;
  if (FULL.includes(code)) {
    return new StoreFull(`expected room for more, got ${code}: ${path}`, { cause: error });
  }
  return syscall === undefined || named !== undefined
    ? error
    : errorAt(path, error, { code, syscall });
}

/** Node has no name for an exhausted quota, but reports its number. */
function codeOf(error: unknown): string {
  const { code = '', errno = 0 } = error as NodeJS.ErrnoException;
  return -errno === constants.errno.EDQUOT ? 'EDQUOT' : code;
}

/** An error like Node's system errors, for one without a path. */
export function errorAt(
  path: string,
  error: unknown,
  fields: { readonly code?: string; readonly syscall: string },
): Error {
  const message = isError(error) ? error.message : String(error);
  return Object.assign(new Error(`${message}: ${path}`, { cause: error }), { ...fields, path });
}

/** Runs an operation on a file. @throws its errors, converted by `fileError`. */
export function onFile<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Whether an error means that the file does not exist. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
