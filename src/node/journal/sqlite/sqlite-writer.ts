/** Writes a journal in SQLite. Each call is one transaction. */

import { randomUUID } from 'node:crypto';
import { batchCrc } from '../batch-crc.ts';
import { crc32, snapshotCrc } from '../crc32.ts';
import type { Durability } from '../durability.ts';
import type { Batch } from '../file-medium.ts';
import { takenOver } from '../taken-over.ts';
import { textOfBytes } from '../text-of-bytes.ts';
import type { Connection } from './connection.ts';
import { numberOf } from './row-values.ts';
import type { Tables } from './schema.ts';
import { draftText } from './sqlite-reader.ts';
import { WriteStatements } from './statements.ts';

/** The setting of SQLite for each durability. With `os`, only checkpoints wait for the disk. */
const SYNCHRONOUS = { none: 'OFF', os: 'NORMAL', batch: 'FULL', event: 'FULL' } as const;

/** The number of pages (about a megabyte) after which SQLite runs a checkpoint, which takes a few milliseconds. */
const PAGES = 250;
/** The number of pages if checkpoints are prepared, as a fallback. */
const MOST_PAGES = 1000;

/** Whether checkpoints wait for the disk, so that forcing the log to disk beforehand pays off. */
export function isPrepared(durability: Durability): boolean {
  return durability === 'os' || durability === 'batch';
}

/** Configures a connection. The tables need not exist yet. */
export function configure(connection: Connection, durability: Durability, waitMs: number): void {
  // Run as a query, since it returns a row.
  for (const pragma of [
    `busy_timeout = ${durability === 'event' ? waitMs : 0}`,
    'journal_mode = WAL',
    `synchronous = ${SYNCHRONOUS[durability]}`,
    `wal_autocheckpoint = ${isPrepared(durability) ? MOST_PAGES : PAGES}`,
    // On macOS fsync does not reach the disk.
    'fullfsync = ON',
  ]) {
    connection.prepare(`PRAGMA ${pragma}`).all();
  }
}

const TAKE_OVER =
  'INSERT INTO writer (id, token) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET token = excluded.token';

export class SqliteWriter {
  readonly #connection: Connection;
  /** Identifies this writer among all that ever opened the journal. */
  readonly #token = randomUUID();
  readonly #statements: WriteStatements;

  /** Takes over: each transaction of an earlier writer checks the token and fails from now on. */
  constructor(connection: Connection, tables: Tables) {
    this.#connection = connection;
    connection.prepare(TAKE_OVER).run(this.#token);
    this.#statements = new WriteStatements(connection, tables);
  }

  append(batch: Batch): void {
    this.#transact((statements) => insert(statements, batch));
  }

  /** A new number that identifies the parts of a snapshot. */
  newDraft(): number {
    return (numberOf(this.#statements.newestDraft.get(), 'draft') ?? 0) + 1;
  }

  addPart(draft: number, place: number, part: string): void {
    this.#transact(({ insertPart }) => insertPart.run(draft, place, part, crc32(part)));
  }

  /** Replaces the latest snapshot: its parts become valid. */
  putSnapshot(seq: number, draft: number, parts: number): void {
    const state = draftText(draft, parts);
    this.#transact(({ insertSnapshot, deleteSnapshots }) => {
      insertSnapshot.run(seq, state, snapshotCrc(seq, state));
      deleteSnapshots.run(seq);
    });
  }

  /** Removes some parts of other snapshots; returns whether none are left. */
  removeParts(draft: number): boolean {
    const { staleParts } = this.#statements;
    if (staleParts.get(draft) === undefined) return true;
    this.#transact(({ deleteParts }) => deleteParts.run(draft));
    return staleParts.get(draft) === undefined;
  }

  /** Drops the events before `first`; `rest` is set if a batch begins before it and ends after it. */
  prune(first: number, rest: Batch | undefined): void {
    this.#transact((statements) => {
      statements.deleteBatches.run(first);
      statements.noteFirst.run(first);
      if (rest !== undefined) insert(statements, rest);
      statements.deleteOlder?.run(rest === undefined ? first : endOf(rest));
    });
  }

  /** Copies the log into the database. */
  writeBack(): void {
    this.#connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').all();
  }

  /** Truncates the log, which not every driver does when it closes the database. */
  checkpoint(): void {
    this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  }

  /** Leaves a single file, without a log and its index, unless another process has the journal open. */
  leaveOneFile(): void {
    this.checkpoint();
    this.#connection.prepare('PRAGMA journal_mode = DELETE').all();
  }

  #transact(step: (statements: WriteStatements) => void): void {
    const statements = this.#statements;
    statements.begin.run();
    try {
      if (statements.ownToken.get(this.#token) === undefined) throw takenOver();
      step(statements);
      statements.commit.run();
    } catch (error) {
      try {
        statements.rollback.run();
      } catch {
        // SQLite has already rolled back.
      }
      throw error;
    }
  }
}

function insert({ insertBatch, noteLast }: WriteStatements, batch: Batch): void {
  const { first, context, rows } = batch;
  const last = endOf(batch) - 1;
  insertBatch.run(first, last, batchCrc(first, last, context, rows), context, textOfBytes(rows));
  noteLast.run(first, last);
}

/** The event after the last one of a batch. */
function endOf({ first, count }: Batch): number {
  return first + count;
}
