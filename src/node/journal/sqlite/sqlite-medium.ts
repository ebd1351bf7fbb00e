/** A journal in a file of SQLite. */

import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreCorrupt } from '../../../index.ts';
import type { Durability } from '../durability.ts';
import type { Batch, FileMedium, SnapshotDraft, StoredSnapshot } from '../file-medium.ts';
import { batchOf } from '../form/write-batch.ts';
import { InPlace } from '../in-place.ts';
import { otherPool } from '../other-pool.ts';
import { syncFolder } from '../sync-folder.ts';
import type { Connection, Driver } from './connection.ts';
import { LogGrowth } from './log-growth.ts';
import { isOpenHere } from './open-here.ts';
import { damagedLog, EMPTY, logDamaged, opened } from './opened.ts';
import { patiently, WAIT_MS } from './patiently.ts';
import { createTables, type Tables, tablesIn } from './schema.ts';
import { writeError } from './sqlite-errors.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { configure, isPrepared, SqliteWriter } from './sqlite-writer.ts';
import { isLogDamaged } from './wal.ts';

/** About so many events are dropped in one step. */
const PRUNED_AT_ONCE = 8192;

/** What is known of the log of a database before it is opened. */
export interface LogState {
  /** Whether someone writes to it. */
  readonly isHeld: boolean;
  /** Whether someone died who wrote to it, and the system has run on since. */
  readonly followsCrash: boolean;
}

export interface SqliteSettings {
  readonly durability: Durability;
  readonly followsCrash: boolean;
}

export class SqliteMedium implements FileMedium {
  readonly separator = ',';
  readonly #path: string;
  readonly #driver: Driver;
  readonly #connection: Connection;
  #bounds = EMPTY;
  #tables: Tables | undefined = undefined;
  /** Undefined while there are no tables, which another process is about to make. */
  #reader: SqliteReader | undefined = undefined;
  /** Undefined for one that is read only. */
  #writer: SqliteWriter | undefined = undefined;
  #files: InPlace | undefined = undefined;
  /** There where checkpoints are prepared. */
  #growth: LogGrowth | undefined = undefined;
  /** Whether there is at least one event more that cannot be read. */
  #isLogDamaged = false;

  private constructor(path: string, driver: Driver, connection: Connection) {
    this.#path = path;
    this.#driver = driver;
    this.#connection = connection;
  }

  /** For the one who holds the lock. */
  static async open(path: string, driver: Driver, settings: SqliteSettings): Promise<SqliteMedium> {
    const { durability, followsCrash } = settings;
    if (isLogDamaged(path, followsCrash && !isOpenHere(path))) throw await damagedLog(path, driver);
    return opened(path, driver, 'write', async (connection) => {
      const medium = new SqliteMedium(path, driver, connection);
      await patiently(driver, () => {
        configure(connection, durability, WAIT_MS);
        createTables(connection, path);
        medium.#writer = new SqliteWriter(connection, tablesIn(connection, path) as Tables);
      });
      medium.#look();
      await medium.#checkEnd();
      medium.#files = new InPlace(path, `${path}-wal`);
      if (isPrepared(durability)) medium.#growth = new LogGrowth(`${path}-wal`);
      if (durability !== 'none') syncFolder(dirname(path));
      return medium;
    });
  }

  /** With a damaged log, only what is in the database is read, and the damage is found at its end. */
  static async openReadonly(path: string, driver: Driver, log: LogState): Promise<SqliteMedium> {
    const isDamaged = !log.isHeld && isLogDamaged(path, log.followsCrash && !isOpenHere(path));
    return opened(path, driver, isDamaged ? 'read without log' : 'read', async (connection) => {
      const medium = new SqliteMedium(path, driver, connection);
      medium.#isLogDamaged = isDamaged;
      await medium.refresh();
      return medium;
    });
  }

  get firstSeq(): number {
    return this.#bounds.firstSeq;
  }

  get nextSeq(): number | undefined {
    const { nextSeq } = this.#bounds;
    return this.#isLogDamaged ? (nextSeq ?? 0) + 1 : nextSeq;
  }

  get snapshotSeq(): number {
    return this.#bounds.snapshotSeq;
  }

  get pool(): string | undefined {
    return this.#bounds.pool;
  }

  refresh(): Promise<void> {
    return patiently(this.#driver, () => this.#look());
  }

  #look(): void {
    // Another process may have made the tables meanwhile, or made those of an older version new.
    if (this.#tables?.hasBatches !== true) this.#findTables();
    if (this.#reader === undefined) return;
    this.#bounds = this.#reader.bounds();
  }

  #findTables(): void {
    const found = tablesIn(this.#connection, this.#path);
    if (found === undefined || found.hasBatches === this.#tables?.hasBatches) return;
    this.#tables = found;
    this.#reader = new SqliteReader(this.#connection, found, this.#driver, this.#path);
  }

  async append(batch: Batch): Promise<void> {
    if (this.#growth?.isEnough === true) await this.#shortenLog(this.#growth);
    await this.#write((writer) => writer.append(batch));
    this.#growth?.add(batch.rows.length);
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

  async *read(fromSeq: number, toSeq: number): ReturnType<FileMedium['read']> {
    if (this.#reader !== undefined) yield* this.#reader.read(fromSeq, toSeq);
    else if (this.#isLogDamaged) throw logDamaged(this.#path, 0);
  }

  async draftSnapshot(seq: number): Promise<SnapshotDraft> {
    const draft = this.#writer?.newDraft() ?? 0;
    let parts = 0;
    return {
      add: async (part) => {
        await this.#write((writer) => writer.addPart(draft, parts, part));
        this.#growth?.add(part.length);
        parts++;
      },
      commit: async () => {
        await this.#write((writer) => writer.putSnapshot(seq, draft, parts));
        this.#look();
      },
      tidy: () => this.#write((writer) => writer.removeParts(draft)),
      // They are removed with those of the snapshot that the next one replaces.
      discard: async () => {},
    };
  }

  async latestCheckpoint(): Promise<StoredSnapshot | undefined> {
    return this.#reader?.snapshot();
  }

  async prune(firstSeq: number): Promise<boolean> {
    const first = this.#stepTowards(firstSeq);
    const rest = this.#reader?.restOfBatch(first);
    await this.#write((writer) => writer.prune(first, rest && batchOf(rest, ',')));
    this.#look();
    return this.firstSeq >= firstSeq;
  }

  async close(): Promise<void> {
    try {
      this.#writer?.leaveOneFile();
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

  async #shortenLog(growth: LogGrowth): Promise<void> {
    try {
      await growth.reset();
      this.#writer?.writeBack();
      await nextTurn();
    } catch {
      // Nothing is lost, as when SQLite does it by itself: what stays in the log is read from there.
    }
  }

  async #write<T>(step: (writer: SqliteWriter) => T): Promise<T> {
    try {
      return await patiently(this.#driver, () => {
        this.#files?.check();
        return step(this.#writer as SqliteWriter);
      });
    } catch (error) {
      throw this.#errorOf(error);
    }
  }

  #errorOf(error: unknown): unknown {
    return writeError(error, this.#driver, this.#path, this.nextSeq ?? 0);
  }

  #advance({ first, count, pool }: Batch): void {
    const { firstSeq, nextSeq } = this.#bounds;
    this.#bounds = {
      ...this.#bounds,
      firstSeq: nextSeq === undefined ? first : firstSeq,
      nextSeq: first + count,
      pool: this.#bounds.pool ?? pool,
      lastPool: pool,
    };
  }

  /** Events of another pool may fit where some of this pool were. */
  async #checkPool(): Promise<void> {
    const { pool, lastPool, firstSeq, nextSeq = 0 } = this.#bounds;
    if (pool === undefined || lastPool === undefined || pool === lastPool) return;
    for await (const events of this.#reader?.read(firstSeq, nextSeq - 1) ?? []) {
      const foreign = events.find((event) => event.pool !== pool);
      if (foreign !== undefined) throw otherPool(pool, foreign);
    }
  }

  async #checkEnd(): Promise<void> {
    const { damagedAt } = this.#bounds;
    if (damagedAt === undefined) return this.#checkPool();
    throw new StoreCorrupt(
      `expected event ${damagedAt} with its checksum, got one without the other: ${this.#path}`,
      damagedAt,
    );
  }
}
