/** Writes a journal in SQLite. Each call is one transaction, done whole or not at all. */

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

/** How SQLite reaches each durability. With `os`, only its checkpoints wait for the disk. */
const SYNCHRONOUS = { none: 'OFF', os: 'NORMAL', batch: 'FULL', event: 'FULL' } as const;

/** After so many pages, a megabyte, a checkpoint follows at once: it takes a few milliseconds. */
const PAGES = 250;
/** The same where checkpoints are prepared, if those do not come to it. */
const MOST_PAGES = 1000;

/** Whether checkpoints wait for the disk, and there is time to bring the log there before. */
export function isPrepared(durability: Durability): boolean {
  return durability === 'os' || durability === 'batch';
}

/** Sets a connection up. The tables need not be there yet. */
export function configure(connection: Connection, durability: Durability, waitMs: number): void {
  // A query, so that it can be prepared as well: it returns a row.
  for (const pragma of [
    `busy_timeout = ${durability === 'event' ? waitMs : 0}`,
    'journal_mode = WAL',
    `synchronous = ${SYNCHRONOUS[durability]}`,
    `wal_autocheckpoint = ${isPrepared(durability) ? MOST_PAGES : PAGES}`,
    // What macOS calls fsync does not reach the disk.
    'fullfsync = ON',
  ]) {
    connection.prepare(`PRAGMA ${pragma}`).all();
  }
}

const TAKE_OVER =
  'INSERT INTO writer (id, token) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET token = excluded.token';

export class SqliteWriter {
  readonly #connection: Connection;
  /** Which of those that ever opened the journal to write this is. */
  readonly #token = randomUUID();
  readonly #statements: WriteStatements;

  /** From here on, earlier writers cannot write any more: each transaction checks it. */
  constructor(connection: Connection, tables: Tables) {
    this.#connection = connection;
    connection.prepare(TAKE_OVER).run(this.#token);
    this.#statements = new WriteStatements(connection, tables);
  }

  append(batch: Batch): void {
    this.#transact((statements) => insert(statements, batch));
  }

  /** The number of a new snapshot, which its parts are known by. */
  newDraft(): number {
    return (numberOf(this.#statements.newestDraft.get(), 'draft') ?? 0) + 1;
  }

  addPart(draft: number, place: number, part: string): void {
    this.#transact(({ insertPart }) => insertPart.run(draft, place, part, crc32(part)));
  }

  /** Puts a snapshot in place of the latest one: only from here on its parts count. */
  putSnapshot(seq: number, draft: number, parts: number): void {
    const state = draftText(draft, parts);
    this.#transact(({ insertSnapshot, deleteSnapshots }) => {
      insertSnapshot.run(seq, state, snapshotCrc(seq, state));
      deleteSnapshots.run(seq);
    });
  }

  /** Removes some parts of other snapshots; whether there are none left. */
  removeParts(draft: number): boolean {
    const { staleParts } = this.#statements;
    if (staleParts.get(draft) === undefined) return true;
    this.#transact(({ deleteParts }) => deleteParts.run(draft));
    return staleParts.get(draft) === undefined;
  }

  /** Drops the events before `first`; `rest` is there if a batch begins before it and ends after it. */
  prune(first: number, rest: Batch | undefined): void {
    this.#transact((statements) => {
      statements.deleteBatches.run(first);
      statements.noteFirst.run(first);
      if (rest !== undefined) insert(statements, rest);
      statements.deleteOlder?.run(rest === undefined ? first : endOf(rest));
    });
  }

  /** Puts what is in the log into the database. */
  writeBack(): void {
    this.#connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').all();
  }

  /** Empties the log, which not every driver does when it closes the database. */
  checkpoint(): void {
    this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  }

  /**
   * Leaves one file: without a log and its index beside it, unless someone else has the journal
   * open.
   */
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
        // SQLite has rolled back by itself.
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

/** The event after its last one. */
function endOf({ first, count }: Batch): number {
  return first + count;
}
