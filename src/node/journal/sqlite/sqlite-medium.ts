/** A journal in an SQLite file. */

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
import { reading, writeError } from './sqlite-errors.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { configure, isPrepared, SqliteWriter } from './sqlite-writer.ts';
import { isLogDamaged } from './wal.ts';

/** The approximate number of events dropped per step. */
const PRUNED_AT_ONCE = 8192;

/** What is known about the log of a database before it is opened. */
export interface LogState {
  /** Whether a process writes to it. */
  readonly isHeld: boolean;
  /** Whether the last writer crashed, without a reboot since. */
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
  /** Undefined while there are no tables, which another process is about to create. */
  #reader: SqliteReader | undefined = undefined;
  /** Undefined if it is read-only. */
  #writer: SqliteWriter | undefined = undefined;
  #files: InPlace | undefined = undefined;
  /** Set if checkpoints are prepared. */
  #growth: LogGrowth | undefined = undefined;
  /** Whether there is at least one further event that cannot be read. */
  #isLogDamaged = false;

  private constructor(path: string, driver: Driver, connection: Connection) {
    this.#path = path;
    this.#driver = driver;
    this.#connection = connection;
  }

  /** For a process that holds the lock. */
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

  /** If the log is damaged, only the database itself is read, and the damage is reported at its end. */
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
    // Another process may have created or upgraded the tables meanwhile.
    if (this.#tables?.hasBatches !== true) this.#findTables();
    if (this.#reader === undefined) return;
    this.#bounds = this.#reader.bounds();
  }

  #findTables(): void {
    const step = () => tablesIn(this.#connection, this.#path);
    const found = reading(step, this.#driver, this.#path, this.nextSeq ?? 0);
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
    const draft = await this.#write((writer) => writer.newDraft());
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
      // Nothing is lost: the rest is read from the log next time.
    } finally {
      this.#connection.close();
    }
  }

  /** The start of a batch at a limited distance. */
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
      // Nothing is lost, as with SQLite's own checkpoints: the rest is read from the log.
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

  /** Events of another pool may have been put in the place of events of this pool. */
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
