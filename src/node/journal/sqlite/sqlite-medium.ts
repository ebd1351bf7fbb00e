/** A journal in a file of SQLite. */

import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreCorrupt } from '../../../index.ts';
import type { Durability } from '../durability.ts';
import { InPlace } from '../in-place.ts';
import type { Batch, Medium, StoredSnapshot } from '../medium.ts';
import { syncFolder } from '../sync-folder.ts';
import type { Connection, Driver } from './connection.ts';
import { patiently, WAIT_MS } from './patiently.ts';
import { createTables, hasTables } from './schema.ts';
import { readError, writeError } from './sqlite-errors.ts';
import { type Bounds, SqliteReader } from './sqlite-reader.ts';
import { configure, SqliteWriter } from './sqlite-writer.ts';

/** About so many events are let go in one step. */
const PRUNED_AT_ONCE = 8192;

const EMPTY: Bounds = {
  firstSeq: 0,
  nextSeq: undefined,
  snapshotSeq: -1,
  pool: undefined,
  damagedAt: undefined,
};

export class SqliteMedium implements Medium {
  readonly #path: string;
  readonly #driver: Driver;
  readonly #connection: Connection;
  #bounds = EMPTY;
  /** Undefined while there are no tables, which another process is about to make. */
  #reader: SqliteReader | undefined = undefined;
  /** Undefined for one that is read only. */
  #writer: SqliteWriter | undefined = undefined;
  #files: InPlace | undefined = undefined;

  private constructor(path: string, driver: Driver, connection: Connection) {
    this.#path = path;
    this.#driver = driver;
    this.#connection = connection;
  }

  /** For the one who holds the lock. */
  static async open(path: string, driver: Driver, durability: Durability): Promise<SqliteMedium> {
    return opened(path, driver, false, async (connection) => {
      const medium = new SqliteMedium(path, driver, connection);
      await patiently(driver, () => {
        configure(connection, durability, WAIT_MS);
        if (!hasTables(connection, path)) createTables(connection);
      });
      medium.#writer = new SqliteWriter(connection);
      medium.refresh();
      medium.#checkEnd();
      medium.#files = new InPlace(path, `${path}-wal`);
      if (durability !== 'none') syncFolder(dirname(path));
      return medium;
    });
  }

  static async openReadonly(path: string, driver: Driver): Promise<SqliteMedium> {
    return opened(path, driver, true, async (connection) => {
      const medium = new SqliteMedium(path, driver, connection);
      await patiently(driver, () => medium.refresh());
      return medium;
    });
  }

  get firstSeq(): number {
    return this.#bounds.firstSeq;
  }

  get nextSeq(): number | undefined {
    return this.#bounds.nextSeq;
  }

  get pool(): string | undefined {
    return this.#bounds.pool;
  }

  refresh(): void {
    if (this.#reader === undefined) {
      if (!hasTables(this.#connection, this.#path)) return;
      this.#reader = new SqliteReader(this.#connection, this.#driver, this.#path);
    }
    this.#bounds = this.#reader.bounds();
  }

  async append(batch: Batch): Promise<void> {
    // SQLite blocks: each batch in a turn of its own, so that whatever else waits comes in between.
    await nextTurn();
    await this.#write((writer) => writer.append(batch));
    this.#advance(batch);
  }

  appendSync(batch: Batch): void {
    try {
      this.#files?.check();
      this.#writer?.append(batch);
    } catch (error) {
      throw this.#errorOf(error);
    }
    this.#advance(batch);
  }

  async *read(fromSeq: number, toSeq: number): ReturnType<Medium['read']> {
    if (this.#reader !== undefined) yield* this.#reader.read(fromSeq, toSeq);
  }

  async putSnapshot(snapshot: StoredSnapshot): Promise<void> {
    if (snapshot.seq < this.#bounds.snapshotSeq) return;
    await this.#write((writer) => writer.putSnapshot(snapshot));
    this.refresh();
  }

  async latestSnapshot(): Promise<StoredSnapshot | undefined> {
    return this.#reader?.snapshot();
  }

  async prune(firstSeq: number): Promise<boolean> {
    const first = this.#stepTowards(firstSeq);
    const rest = this.#reader?.restOfBatch(first);
    await this.#write((writer) => writer.prune(first, rest));
    this.refresh();
    return this.firstSeq >= firstSeq;
  }

  async close(): Promise<void> {
    try {
      this.#writer?.checkpoint();
    } catch {
      // Nothing is lost: what stays in the log is read from there next time.
    } finally {
      this.#connection.close();
    }
  }

  /** Where a batch begins that is not too far away. */
  #stepTowards(firstSeq: number): number {
    const limit = this.firstSeq + PRUNED_AT_ONCE;
    if (firstSeq <= limit) return firstSeq;
    return Math.min(firstSeq, this.#reader?.batchNear(limit) ?? firstSeq);
  }

  async #write(step: (writer: SqliteWriter) => void): Promise<void> {
    try {
      await patiently(this.#driver, () => {
        this.#files?.check();
        if (this.#writer !== undefined) step(this.#writer);
      });
    } catch (error) {
      throw this.#errorOf(error);
    }
  }

  #errorOf(error: unknown): unknown {
    return writeError(error, this.#driver, this.#path, this.nextSeq ?? 0);
  }

  #advance({ first, lines, pool }: Batch): void {
    const { firstSeq, nextSeq, snapshotSeq, damagedAt } = this.#bounds;
    this.#bounds = {
      firstSeq: nextSeq === undefined ? first : firstSeq,
      nextSeq: first + lines.length,
      pool,
      snapshotSeq,
      damagedAt,
    };
  }

  #checkEnd(): void {
    const { damagedAt } = this.#bounds;
    if (damagedAt === undefined) return;
    throw new StoreCorrupt(
      `expected event ${damagedAt} with its checksum, got one without the other: ${this.#path}`,
      damagedAt,
    );
  }
}

/** Opens a connection for something that closes it, unless it fails. */
async function opened<T>(
  path: string,
  driver: Driver,
  readonly: boolean,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  let connection: Connection | undefined;
  try {
    connection = driver.open(path, readonly);
    return await use(connection);
  } catch (error) {
    connection?.close();
    throw readError(error, driver, path, 0);
  }
}
