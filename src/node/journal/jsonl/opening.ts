/**
 * The right to write to a journal. Each opening has a number, and a file that is there as long as no
 * later opening has taken over: a writer that finds its file gone after it has written must not say that
 * what it wrote is stored. The later one looks for the end of the journal after it has removed the
 * file, so it finds all that was said to be stored.
 */

import { randomUUID } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { StoreCorrupt, StoreLocked } from '../../../index.ts';
import { fileError } from '../file-error.ts';
import { removeFile, removeQuietly } from '../remove-file.ts';
import { takenOver } from '../taken-over.ts';
import { filesIn, LAST_OPENING, openingPath } from './files.ts';

export class Opening {
  readonly number: number;
  /** In the names of its files, so that no two writers ever write to one file. */
  readonly token: string;
  readonly #path: string;
  /** Which file that is: the folder may be made anew, with one of the same name in it. */
  #identity: string | undefined = undefined;

  private constructor(number: number, token: string, path: string) {
    this.number = number;
    this.token = token;
    this.#path = path;
  }

  /**
   * Takes over from all earlier openings.
   *
   * @throws StoreLocked if someone else does so at the same moment.
   */
  static takeOver(folder: string): Opening {
    const { segments, ignored, openings } = filesIn(folder);
    const written = [...segments, ...ignored].map(({ opening }) => opening);
    let last = 0;
    for (const opening of [...written, ...openings]) last = Math.max(last, opening);
    if (last >= LAST_OPENING) {
      const path = openingPath(folder, last);
      throw new StoreCorrupt(`expected fewer than ${LAST_OPENING} openings, got ${path}`, 0);
    }
    const opening = new Opening(last + 1, randomUUID(), openingPath(folder, last + 1));
    opening.#create();
    try {
      for (const earlier of openings) removeFile(openingPath(folder, earlier));
    } catch (error) {
      opening.release();
      throw error;
    }
    return opening;
  }

  /** @throws StoreLocked if another one has taken over. */
  check(): void {
    if (identityOf(this.#path) !== this.#identity) throw takenOver();
  }

  release(): void {
    try {
      if (identityOf(this.#path) === this.#identity) removeFile(this.#path);
    } catch {
      // Its folder is no folder any more.
    }
  }

  #create(): void {
    try {
      writeFileSync(this.#path, `${JSON.stringify({ token: this.token })}\n`, { flag: 'wx' });
      this.#identity = identityOf(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        // It may have been made, and not written.
        removeQuietly(this.#path);
        throw fileError(error, this.#path);
      }
      throw new StoreLocked(
        `expected a journal that nobody else opens, got one that is opened now: ${this.#path}`,
      );
    }
  }
}

/** What tells a file from any other of its name, as it is never written again; undefined if there is none. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.mtimeMs}`;
}
