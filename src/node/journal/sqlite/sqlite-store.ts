/** A journal in a file of SQLite, which can be queried while it is written. */

import { accessSync, statSync } from 'node:fs';
import { checkFlag } from '../../../kit/checks.ts';
import { OptionBag } from '../../../kit/option-bag.ts';
import { checkDurability, type Durability } from '../durability.ts';
import { DurableStore } from '../durable-store.ts';
import { journalPath, lockPathOf } from '../journal-path.ts';
import { LockFile } from '../lock-file.ts';
import { type TakeOverOptions, untilFree } from '../take-over.ts';
import { checkDriver, type DriverName, driverNamed } from './driver.ts';
import { SqliteMedium } from './sqlite-medium.ts';

/** Options of {@link SqliteStore.open}. */
export interface SqliteStoreOptions {
  /** What an event survives once it was appended. Default: `os`. */
  readonly durability?: Durability;
  /** To read only, also what another process writes. Takes no lock. Default: false. */
  readonly readonly?: boolean;
  /** Default: `node:sqlite` where there is, and `libsql` where not. */
  readonly driver?: DriverName;
}

const OPTIONS = new OptionBag<SqliteStoreOptions>({
  durability: [checkDurability, 'sync', 'synchronous', 'fsync'],
  readonly: [checkFlag],
  driver: [checkDriver],
});

export class SqliteStore extends DurableStore {
  #options: SqliteStoreOptions = {};

  /**
   * Opens a journal, which is made if it is not there; a read-only one has to be.
   *
   * @throws StoreLocked if someone writes to it, StoreCorrupt if it is damaged where that can be
   * seen at once, StoreDriverMissing if there is no SQLite, TypeError for another database.
   */
  static async open(path: string, options: SqliteStoreOptions = {}): Promise<SqliteStore> {
    OPTIONS.check('SqliteStore.open()', options);
    const { durability = 'os', readonly = false } = options;
    const driver = await driverNamed(options.driver);
    const file = journalPath(path);
    checkFile(file, readonly);
    const lockPath = lockPathOf(file);
    if (readonly) {
      accessSync(file);
      const medium = await SqliteMedium.openReadonly(file, driver, LockFile.look(lockPath));
      const reader = new SqliteStore(medium, { path: file, durability, readonly });
      reader.#options = options;
      return reader;
    }
    const lock = LockFile.take(lockPath);
    const medium = await lock.guard(() =>
      SqliteMedium.open(file, driver, { durability, followsCrash: lock.followsCrash }),
    );
    return new SqliteStore(medium, { path: file, durability, readonly, lock });
  }

  /**
   * The same journal, opened to write, as soon as no process of this machine writes it any more. One that is
   * frozen still does. This store, which has to be read only, stays as it is.
   *
   * @throws what the signal was aborted with, TypeError for a store that is open to write, and what
   * {@link open} throws but StoreLocked.
   */
  takeOver(options: TakeOverOptions = {}): Promise<SqliteStore> {
    const open = () => SqliteStore.open(this.path, { ...this.#options, readonly: false });
    return untilFree(this, open, options);
  }
}

/** One that has several names has a log for each: what is written under one would not be seen under another. */
function checkFile(path: string, isReadonly: boolean): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) {
    const got = stats.isDirectory() ? 'a folder' : 'something else';
    throw new TypeError(`expected a file for a journal, got ${got}: ${path}`);
  }
  if (isReadonly || stats.nlink === 1) return;
  throw new TypeError(
    `expected a file with one name, got one with ${stats.nlink}, by hard links; a copy has one: ${path}`,
  );
}
