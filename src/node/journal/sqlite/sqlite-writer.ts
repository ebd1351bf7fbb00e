/** Writes a journal in SQLite. Each call is one transaction, done whole or not at all. */

import { crc32, snapshotCrc } from '../crc32.ts';
import type { Durability } from '../durability.ts';
import type { Batch, StoredSnapshot } from '../medium.ts';
import type { Connection } from './connection.ts';
import type { BatchRest } from './sqlite-reader.ts';
import { WriteStatements } from './statements.ts';

/** How SQLite reaches each durability. With `os`, only its checkpoints wait for the disk. */
const SYNCHRONOUS = { none: 'OFF', os: 'NORMAL', batch: 'FULL', event: 'FULL' } as const;

/** Sets a connection up. The tables need not be there yet. */
export function configure(connection: Connection, durability: Durability, waitMs: number): void {
  // A query, so that it can be prepared as well: it returns a row.
  for (const pragma of [
    `busy_timeout = ${durability === 'event' ? waitMs : 0}`,
    'journal_mode = WAL',
    `synchronous = ${SYNCHRONOUS[durability]}`,
    // A megabyte: a checkpoint takes a few milliseconds.
    'wal_autocheckpoint = 250',
    // What macOS calls fsync does not reach the disk.
    'fullfsync = ON',
  ]) {
    connection.prepare(`PRAGMA ${pragma}`).all();
  }
}

export class SqliteWriter {
  readonly #connection: Connection;
  readonly #statements: WriteStatements;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#statements = new WriteStatements(connection);
  }

  append({ first, lines }: Batch): void {
    const array = `[${lines.join(',')}]`;
    this.#transact(({ insertBatch }) => {
      this.#insertEvents(first, lines, array);
      insertBatch.run(first, first + lines.length - 1, crc32(array));
    });
  }

  putSnapshot({ seq, state }: StoredSnapshot): void {
    this.#transact(({ insertSnapshot, deleteSnapshots }) => {
      insertSnapshot.run(seq, state, snapshotCrc(seq, state));
      deleteSnapshots.run(seq);
    });
  }

  /** Lets the events before `first` go; `rest` is there if a batch begins before it and goes on. */
  prune(first: number, rest: BatchRest | undefined): void {
    this.#transact(({ deleteEvents, deleteBatches, insertBatch }) => {
      deleteEvents.run(first);
      deleteBatches.run(first);
      if (rest !== undefined)
        insertBatch.run(first, rest.last, crc32(`[${rest.bodies.join(',')}]`));
    });
  }

  /** Empties the log, which not every driver does when it closes the database. */
  checkpoint(): void {
    this.#connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  }

  #insertEvents(first: number, lines: readonly string[], array: string): void {
    const { insertAll, insertOne } = this.#statements;
    try {
      insertAll.run(first, array);
    } catch (error) {
      // SQLite reads no JSON that is nested more than a thousand deep.
      if (!/malformed JSON/.test((error as Error).message)) throw error;
      for (const [place, line] of lines.entries()) insertOne.run(first + place, line);
    }
  }

  #transact(step: (statements: WriteStatements) => void): void {
    const statements = this.#statements;
    statements.begin.run();
    try {
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
