/** Checks that files are still those that were opened: writing to a deleted file succeeds, but the data is lost. */

import { statSync } from 'node:fs';
import { StoreRemoved } from '../../index.ts';
import { isMissing } from './file-error.ts';

export class InPlace {
  readonly #files: readonly { readonly path: string; readonly id: string | undefined }[];

  /** Records files that were just opened. */
  constructor(...paths: string[]) {
    this.#files = paths.map((path) => ({ path, id: idOf(path) }));
  }

  /**
   * @throws StoreRemoved if a file was deleted or replaced.
   */
  check(): void {
    for (const { path, id } of this.#files) {
      const found = idOf(path);
      if (found !== id) throw notInPlace(path, found);
    }
  }
}

/** The error of a file that was deleted, or replaced by another one that was `found`. */
export function notInPlace(path: string, found: string | undefined): StoreRemoved {
  const got = found === undefined ? 'it was removed' : 'another one';
  return new StoreRemoved(`expected the file that was opened, got ${got}: ${path}`);
}

function idOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev} ${ino}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
