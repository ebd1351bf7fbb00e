/** Resolves the paths of journals. */

import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkPath } from '../address-checks.ts';

/**
 * @throws TypeError unless it is a path: an empty one would be the working directory.
 */
export function journalPath(path: unknown): string {
  checkPath('the path of a journal', path);
  return resolve(path as string);
}

/** The lock file of a journal: the same for all paths that lead to it. */
export function lockPathOf(file: string): string {
  return `${realPathOf(file)}.lock`;
}

/** The path after resolving symbolic links, even if the file does not exist yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const target = (error as NodeJS.ErrnoException).code === 'ENOENT' ? linkAt(path) : undefined;
    return target === undefined ? path : realPathOf(resolve(dirname(path), target));
  }
}

/** The target of a symbolic link; undefined for anything else. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
