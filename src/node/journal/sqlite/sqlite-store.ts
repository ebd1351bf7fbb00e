/** A journal in an SQLite file, which can be queried while it is written. */

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
  /** What an event survives once it is appended. Default: `'os'`. */
  readonly durability?: Durability;
  /** Open read-only, without a lock; events that another process writes can be read too. Default: false. */
  readonly readonly?: boolean;
  /** The SQLite to use. Default: `'node:sqlite'` if it is available, otherwise `'libsql'`. */
  readonly driver?: DriverName;
}

const OPTIONS = new OptionBag<SqliteStoreOptions>({
  durability: [checkDurability, 'sync', 'synchronous', 'fsync'],
  readonly: [checkFlag],
  driver: [checkDriver],
});

/**
 * A journal in an SQLite file, which can be queried while it is written. Only one process can write to it at a time.
 */
export class SqliteStore extends DurableStore {
  #options: SqliteStoreOptions = {};

  /**
   * Opens a journal, which is created if it does not exist; for a read-only store it must exist.
   *
   * @throws StoreLocked if another process writes to it, StoreCorrupt if opening finds it damaged,
   *   StoreDriverMissing if no SQLite is available, TypeError for another database and for invalid options.
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
   * Opens the same journal for writing, as soon as no process of this machine is writing it. A suspended process
   * still counts as writing. This store, which must be read-only, stays open.
   *
   * @throws the reason of the signal, TypeError for a store that is not read-only, and the errors of {@link open}
   *   except StoreLocked.
   */
  takeOver(options: TakeOverOptions = {}): Promise<SqliteStore> {
    const open = () => SqliteStore.open(this.path, { ...this.#options, readonly: false });
    return untilFree(this, open, options);
  }
}

/**
 * Refuses files with several hard links: each name would have its own log, so writes under one name would be
 * invisible under another.
 */
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
