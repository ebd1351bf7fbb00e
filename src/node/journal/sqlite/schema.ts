/** The tables of a journal, documented in `docs/journal.md`. */

import { StoreCorrupt } from '../../../index.ts';
import type { Connection } from './connection.ts';
import { eventView } from './event-view.ts';
import { textOf } from './row-values.ts';

/** The application id that identifies journals: `xtpj`. */
const APPLICATION_ID = 0x78_74_70_6a;
/**
 * The version of the tables. Version 2 only added tables; before 3 each event had a row in a table `event`, and a
 * batch had only its checksum.
 */
const SCHEMA_VERSION = 3;

/** The table with the events written by an older version, if there is one. */
type OlderEvents = 'event' | 'older_event';

/** The existing tables. */
export interface Tables {
  /** Whether batches contain their events, and `writer` records their range. */
  readonly hasBatches: boolean;
  readonly olderEvents: OlderEvents | undefined;
}

const CREATE = `
CREATE TABLE IF NOT EXISTS batch (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, crc INTEGER NOT NULL, context TEXT, rows TEXT);
CREATE TABLE IF NOT EXISTS snapshot (seq INTEGER PRIMARY KEY, state TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS snapshot_part (draft INTEGER NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (draft, part));
CREATE TABLE IF NOT EXISTS writer (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL, first INTEGER, last INTEGER);
`;

/** Prepares a journal of an older version for batches. Its events stay where they are. */
const UPGRADE_BATCHES = `
ALTER TABLE event RENAME TO older_event;
ALTER TABLE batch ADD COLUMN context TEXT;
ALTER TABLE batch ADD COLUMN rows TEXT;
`;

/** The additional upgrade from version 2. */
const UPGRADE_WRITER = `
ALTER TABLE writer ADD COLUMN first INTEGER;
ALTER TABLE writer ADD COLUMN last INTEGER;
`;

const NOTE_OLDER = `
INSERT INTO writer (id, token, first, last)
SELECT 1, '', min(seq), max(seq) FROM older_event WHERE true
ON CONFLICT (id) DO UPDATE SET first = excluded.first, last = excluded.last;
`;

const FINISH = `
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Creates the tables of a new journal, or those missing in one of an older version. */
export function createTables(connection: Connection, path: string): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Read inside the transaction, when nobody else can create them.
    const found = tablesIn(connection, path);
    if (found === undefined) connection.exec(CREATE + eventView(undefined) + FINISH);
    else if (!found.hasBatches) connection.exec(upgradeOf(versionOf(connection)));
    connection.exec('COMMIT');
  } catch (error) {
    try {
      connection.exec('ROLLBACK');
    } catch {
      // SQLite has already rolled back.
    }
    throw error;
  }
}

function upgradeOf(version: unknown): string {
  const writer = version === 1 ? '' : UPGRADE_WRITER;
  return UPGRADE_BATCHES + writer + CREATE + NOTE_OLDER + eventView('older_event') + FINISH;
}

/**
 * The existing tables; undefined for a database without any, which is new.
 *
 * @throws TypeError for another database, RangeError for a journal of a later version, StoreCorrupt if tables are
 *   missing.
 */
export function tablesIn(connection: Connection, path: string): Tables | undefined {
  const tables = connection
    .prepare(
      "SELECT CAST(name AS BLOB) AS name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
    )
    .all()
    .map((row) => textOf(row, 'name'));
  if (tables.length === 0) return undefined;
  const id = connection.prepare('PRAGMA application_id').get()?.['application_id'];
  if (id !== APPLICATION_ID) {
    throw new TypeError(`expected the journal of a pool, got another database: ${path}`);
  }
  const version = versionOf(connection);
  if (typeof version !== 'number' || version < 1 || version > SCHEMA_VERSION) {
    throw new RangeError(
      `expected a journal of version 1 to ${SCHEMA_VERSION}, got version ${version}: ${path}`,
    );
  }
  const hasBatches = version === SCHEMA_VERSION;
  const expected = ['batch', 'snapshot'];
  if (!hasBatches) expected.push('event');
  if (version > 1) expected.push('snapshot_part', 'writer');
  for (const table of expected) {
    if (!tables.includes(table)) {
      throw new StoreCorrupt(`expected the table ${table}, got ${tables.join(', ')}: ${path}`, 0);
    }
  }
  if (!hasBatches) return { hasBatches, olderEvents: 'event' };
  return { hasBatches, olderEvents: tables.includes('older_event') ? 'older_event' : undefined };
}

function versionOf(connection: Connection): unknown {
  return connection.prepare('PRAGMA user_version').get()?.['user_version'];
}
