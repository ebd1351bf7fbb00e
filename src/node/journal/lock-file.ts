/** A lock file that identifies the process which writes to a journal. */

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StoreLocked } from '../../index.ts';
import { fileError, isMissing } from './file-error.ts';
import { isOfThisBoot, mayRun, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { removeFile, removeQuietly } from './remove-file.ts';

/** The contents of the file. */
interface Holder extends ProcessIdentity {
  /** Identifies the lock within its process. */
  readonly token: string;
}

export class LockFile {
  /** Whether the previous holder crashed, without a reboot since. */
  readonly followsCrash: boolean;
  readonly #path: string;
  readonly #token: string;
  /** The open file, even if its folder is moved. */
  readonly #fd: number;
  /** The holder that crashed. */
  readonly #predecessor: Holder | undefined;

  private constructor(path: string, token: string, predecessor: Holder | undefined) {
    this.#path = path;
    this.#token = token;
    this.#fd = openSync(path, 'r+');
    this.#predecessor = predecessor;
    this.followsCrash = predecessor !== undefined && isOfThisBoot(predecessor);
  }

  /** Inspects a lock without taking it, for readers. */
  static look(path: string): { readonly isHeld: boolean; readonly followsCrash: boolean } {
    try {
      const holder = holderOf(path);
      const isHeld = holder !== undefined && mayRun(holder);
      return { isHeld, followsCrash: holder !== undefined && !isHeld && isOfThisBoot(holder) };
    } catch {
      // A lock that cannot be read may be held.
      return { isHeld: true, followsCrash: false };
    }
  }

  /**
   * Takes the lock, also one left by a crashed process.
   *
   * @throws StoreLocked if it is held.
   */
  static take(path: string): LockFile {
    const holder: Holder = { ...ownIdentity(), token: randomUUID() };
    const predecessor = holderOf(path);
    removeAbandonedDrafts(path);
    if (!create(path, holder)) {
      // Two processes that find the same dead holder must not both take over: only one can create this file.
      const taking = `${path}.taking`;
      if (!create(taking, holder)) {
        removeAbandoned(taking);
        if (!create(taking, holder)) throw locked(taking);
      }
      try {
        removeAbandoned(path);
        if (!create(path, holder)) throw locked(path);
      } finally {
        removeQuietly(taking);
      }
    }
    try {
      return new LockFile(path, holder.token, predecessor);
    } catch (error) {
      giveBack(path, predecessor);
      throw error;
    }
  }

  /** Runs a step of opening the journal, and gives the lock back if it fails. */
  async guard<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (this.#predecessor === undefined) this.release();
      else {
        giveBack(this.#path, this.#predecessor);
        closeSync(this.#fd);
      }
      throw error;
    }
  }

  release(): void {
    try {
      // The file may have been removed by hand, and created by another process since.
      if (holderOf(this.#path)?.token === this.#token) removeFile(this.#path);
      else emptyQuietly(this.#fd);
    } catch {
      emptyQuietly(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }
}

/** Empties the lock file, whose folder may have been renamed: an empty file means that nobody holds the lock. */
function emptyQuietly(fd: number): void {
  try {
    ftruncateSync(fd, 0);
  } catch {
    // The file does not exist any more.
  }
}

/** Creates the lock file atomically, with its contents. Returns false if it exists. */
function create(path: string, holder: Holder): boolean {
  const draft = `${path}.${holder.token}`;
  try {
    writeFileSync(draft, `${JSON.stringify(holder)}\n`);
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError(error, path);
  } finally {
    // If it cannot be removed, the next process that takes the lock removes it.
    removeQuietly(draft);
  }
}

/** Matches a token at the end of a file name. */
const DRAFT = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Milliseconds after which an unreadable draft is a leftover, since writing one takes milliseconds at most. */
const WRITTEN_MS = 10_000;

/** Removes drafts of processes that were killed while taking a lock. */
function removeAbandonedDrafts(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const isDraft = DRAFT.test(name) || name === `${basename(path)}.taking`;
    if (!name.startsWith(`${basename(path)}.`) || !isDraft) continue;
    const draft = join(dirname(path), name);
    if (isLeft(draft)) removeQuietly(draft);
  }
}

function isLeft(draft: string): boolean {
  try {
    const holder = holderOf(draft);
    return holder === undefined ? isOlderThan(draft, WRITTEN_MS) : !mayRun(holder);
  } catch {
    return false;
  }
}

/** A file in the future counts as old: the clock was set back since. */
function isOlderThan(path: string, milliseconds: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) > milliseconds;
}

/**
 * Restores the lock of a crashed holder if the new one was not used, so that the next process learns of the crash
 * too.
 */
function giveBack(path: string, predecessor: Holder | undefined): void {
  if (predecessor === undefined) {
    removeQuietly(path);
    return;
  }
  const draft = `${path}.${predecessor.token}`;
  try {
    writeFileSync(draft, `${JSON.stringify(predecessor)}\n`);
    renameSync(draft, path);
  } catch {
    // The original error is thrown. The lock then looks as if this process had crashed.
    removeQuietly(draft);
  }
}

/** Removes the file of a dead holder. @throws StoreLocked if it may be alive. */
function removeAbandoned(path: string): void {
  const holder = holderOf(path);
  if (holder !== undefined && mayRun(holder)) throw locked(path, holder);
  removeFile(path);
}

/**
 * The holder of a lock; undefined if there is none, or a power loss left the file empty.
 *
 * @throws a system error if the file exists but cannot be read: it may be held.
 */
function holderOf(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function locked(path: string, holder?: Holder): StoreLocked {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new StoreLocked(
    `expected a journal that nobody writes to, got one that is held by ${who}; if that does not run any more, remove ${path}`,
  );
}
