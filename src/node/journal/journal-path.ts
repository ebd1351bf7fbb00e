/** Where journals are, as users say it. */

import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkPath } from '../address-checks.ts';

/** @throws TypeError unless it is a path: an empty one would be the working directory. */
export function journalPath(path: unknown): string {
  checkPath('the path of a journal', path);
  return resolve(path as string);
}

/** The file that a path leads to: two paths of one journal have one lock. */
export function lockPathOf(file: string): string {
  let real = file;
  try {
    real = realpathSync(file);
  } catch {
    // It is not there yet.
  }
  return `${real}.lock`;
}
