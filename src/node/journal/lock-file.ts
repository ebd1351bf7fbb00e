/** A file that says who writes to a journal, for as long as someone does. */

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

/** What the file holds. */
interface Holder extends ProcessIdentity {
  /** Which of the locks of a process this is. */
  readonly token: string;
}

export class LockFile {
  /** Whether a process died with it, and the system has run on since. */
  readonly followsCrash: boolean;
  readonly #path: string;
  readonly #token: string;
  /** The file itself, wherever it is moved to. */
  readonly #fd: number;
  /** Who died with it. */
  readonly #predecessor: Holder | undefined;

  private constructor(path: string, token: string, predecessor: Holder | undefined) {
    this.#path = path;
    this.#token = token;
    this.#fd = openSync(path, 'r+');
    this.#predecessor = predecessor;
    this.followsCrash = predecessor !== undefined && isOfThisBoot(predecessor);
  }

  /** For those who read without it. */
  static look(path: string): { readonly isHeld: boolean; readonly followsCrash: boolean } {
    try {
      const holder = holderOf(path);
      const isHeld = holder !== undefined && mayRun(holder);
      return { isHeld, followsCrash: holder !== undefined && !isHeld && isOfThisBoot(holder) };
    } catch {
      // Whoever has made it so that it cannot be read may hold it.
      return { isHeld: true, followsCrash: false };
    }
  }

  /**
   * Takes the lock, also from a process that died with it.
   *
   * @throws StoreLocked if it is held.
   */
  static take(path: string): LockFile {
    const holder: Holder = { ...ownIdentity(), token: randomUUID() };
    const predecessor = holderOf(path);
    removeDraftsOfTheDead(path);
    if (!create(path, holder)) {
      // Two who find the same dead holder must not both succeed it: one of them makes this file.
      const taking = `${path}.taking`;
      if (!create(taking, holder)) {
        removeOfTheDead(taking);
        if (!create(taking, holder)) throw locked(taking);
      }
      try {
        removeOfTheDead(path);
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

  /** Takes a step towards using the journal, and gives the lock back if that fails. */
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
      // Someone may have removed it by hand, and someone else have taken it since.
      if (holderOf(this.#path)?.token === this.#token) removeFile(this.#path);
      else emptyQuietly(this.#fd);
    } catch {
      emptyQuietly(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }
}

/** Its folder may have been renamed: an empty file says that no one holds it. */
function emptyQuietly(fd: number): void {
  try {
    ftruncateSync(fd, 0);
  } catch {
    // It is on no disk any more.
  }
}

/** Whether the file was not there, and is now. It is there with all that it holds, or not at all. */
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
    // One that stays is removed by whoever takes the lock after this process.
    removeQuietly(draft);
  }
}

/** A token at the end of a name. */
const DRAFT = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A draft that cannot be read is being written, for milliseconds at the most; or it never was. */
const WRITTEN_MS = 10_000;

/** Removes what processes have left that were killed while they took a lock. */
function removeDraftsOfTheDead(path: string): void {
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

/** A file of the future is one, too: the clock was set back since. */
function isOlderThan(path: string, milliseconds: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) > milliseconds;
}

/** Gives a lock back that was not used: the next one who tries has to know as well who died with it. */
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
    // What went wrong before is what is thrown. This process will have died with it, too.
    removeQuietly(draft);
  }
}

/** Removes the file of a holder that does not run any more; throws if it may. */
function removeOfTheDead(path: string): void {
  const holder = holderOf(path);
  if (holder !== undefined && mayRun(holder)) throw locked(path, holder);
  removeFile(path);
}

/**
 * Undefined if no one holds it, or a power loss has left the file empty.
 *
 * @throws an error of the system if it is there and cannot be read: then somebody may hold it.
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
