/**
 * The right to write to a journal. Each opening has a number, and a file that exists until a later opening takes
 * over: a writer that finds its file missing after a write must not confirm the write. The later opening reads the
 * end of the journal after removing the file, so it finds everything that was confirmed.
 */

import { randomUUID } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { StoreCorrupt, StoreLocked } from '../../../index.ts';
import { fileError, isMissing } from '../file-error.ts';
import { notInPlace } from '../in-place.ts';
import { removeFile, removeQuietly } from '../remove-file.ts';
import { takenOver } from '../taken-over.ts';
import { filesIn, type JournalFiles, LAST_OPENING, openingPath } from './files.ts';

export class Opening {
  readonly number: number;
  /** Part of its file names, so that no two writers ever write to the same file. */
  readonly token: string;
  readonly #folder: string;
  readonly #path: string;
  /** Identifies the file: the folder may be recreated with a file of the same name. */
  #identity: string | undefined = undefined;

  private constructor(folder: string, number: number) {
    this.number = number;
    this.token = randomUUID();
    this.#folder = folder;
    this.#path = openingPath(folder, number);
  }

  /**
   * Supersedes all earlier openings.
   *
   * @throws StoreLocked if another process does so at the same moment.
   */
  static takeOver(folder: string): Opening {
    const files = filesIn(folder);
    const last = lastOpening(files);
    if (last >= LAST_OPENING) {
      const path = openingPath(folder, last);
      throw new StoreCorrupt(`expected fewer than ${LAST_OPENING} openings, got ${path}`, 0);
    }
    const opening = new Opening(folder, last + 1);
    opening.#create();
    try {
      for (const earlier of files.openings) removeFile(openingPath(folder, earlier));
    } catch (error) {
      opening.release();
      throw error;
    }
    return opening;
  }

  /**
   * @throws StoreLocked if another opening has taken over, StoreRemoved if the file was removed or replaced otherwise.
   */
  check(): void {
    const found = identityOf(this.#path);
    if (found === this.#identity) return;
    throw this.#isSuperseded() ? takenOver() : notInPlace(this.#path, found);
  }

  release(): void {
    try {
      if (identityOf(this.#path) === this.#identity) removeFile(this.#path);
    } catch {
      // The folder does not exist any more.
    }
  }

  /** Whether there are files of a later opening. Otherwise the folder may be about to be removed, file by file. */
  #isSuperseded(): boolean {
    try {
      return lastOpening(filesIn(this.#folder)) > this.number;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #create(): void {
    try {
      writeFileSync(this.#path, `${JSON.stringify({ token: this.token })}\n`, { flag: 'wx' });
      this.#identity = identityOf(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        // It may have been created but not written.
        removeQuietly(this.#path);
        throw fileError(error, this.#path);
      }
      throw new StoreLocked(
        `expected a journal that nobody else opens, got one that is opened now: ${this.#path}`,
      );
    }
  }
}

/** The number of the last opening that has left a file; 0 if there is none. */
function lastOpening({ segments, ignored, openings }: JournalFiles): number {
  const written = [...segments, ...ignored].map(({ opening }) => opening);
  let last = 0;
  for (const opening of [...written, ...openings]) last = Math.max(last, opening);
  return last;
}

/** Identifies a file, which is never modified; undefined if there is none. */
function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.mtimeMs}`;
}
