/** Where journals are, as users say it. */

import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkPath } from '../address-checks.ts';

/** @throws TypeError unless it is a path: an empty one would be the working directory. */
export function journalPath(path: unknown): string {
  checkPath('the path of a journal', path);
  return resolve(path as string);
}

/** The file that a path leads to: two paths of one journal have one lock. */
export function lockPathOf(file: string): string {
  return `${realPathOf(file)}.lock`;
}

/** Where a path leads to, though there may be nothing yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const target = (error as NodeJS.ErrnoException).code === 'ENOENT' ? linkAt(path) : undefined;
    return target === undefined ? path : realPathOf(resolve(dirname(path), target));
  }
}

/** What a symbolic link says; undefined for what is none. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
