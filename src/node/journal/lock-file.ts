/** A file that says who writes to a journal, for as long as somebody does. */

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { StoreLocked } from '../../index.ts';
import { isOfThisBoot, mayRun, ownIdentity, type ProcessIdentity } from './process-identity.ts';

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
  /** Who died with it. */
  readonly #predecessor: Holder | undefined;

  private constructor(path: string, token: string, predecessor: Holder | undefined) {
    this.#path = path;
    this.#token = token;
    this.#predecessor = predecessor;
    this.followsCrash = predecessor !== undefined && isOfThisBoot(predecessor);
  }

  /** For those who read without it. */
  static look(path: string): { readonly isHeld: boolean; readonly followsCrash: boolean } {
    const holder = holderOf(path);
    const isHeld = holder !== undefined && mayRun(holder);
    return { isHeld, followsCrash: holder !== undefined && !isHeld && isOfThisBoot(holder) };
  }

  /**
   * Takes the lock, also from a process that died with it.
   *
   * @throws StoreLocked if it is held.
   */
  static take(path: string): LockFile {
    const holder: Holder = { ...ownIdentity(), token: randomUUID() };
    const predecessor = holderOf(path);
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
        rmSync(taking, { force: true });
      }
    }
    return new LockFile(path, holder.token, predecessor);
  }

  /** Takes a step towards using the journal, and gives the lock back if that fails. */
  async guard<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      // The next one who tries has to know of the crash as well.
      if (this.#predecessor !== undefined) replace(this.#path, this.#predecessor);
      else this.release();
      throw error;
    }
  }

  release(): void {
    // Somebody may have removed it by hand, and somebody else have taken it since.
    if (holderOf(this.#path)?.token === this.#token) rmSync(this.#path, { force: true });
  }
}

/** Whether the file was not there, and is now. It is there with all that it holds, or not at all. */
function create(path: string, holder: Holder): boolean {
  const draft = `${path}.${holder.token}`;
  writeFileSync(draft, `${JSON.stringify(holder)}\n`);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** Says that somebody else holds it. */
function replace(path: string, holder: Holder): void {
  const draft = `${path}.${holder.token}`;
  writeFileSync(draft, `${JSON.stringify(holder)}\n`);
  renameSync(draft, path);
}

/** Removes the file of a holder that does not run any more; throws if it may. */
function removeOfTheDead(path: string): void {
  const holder = holderOf(path);
  if (holder !== undefined && mayRun(holder)) throw locked(path, holder);
  rmSync(path, { force: true });
}

/** Undefined if nobody holds it, or a power loss has left the file empty. */
function holderOf(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function locked(path: string, holder = holderOf(path)): StoreLocked {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new StoreLocked(
    `expected a journal that nobody writes to, got one that is held by ${who}; if that does not run any more, remove ${path}`,
  );
}
