/** The tables of a journal. `docs/journal.md` describes them. */

import { StoreCorrupt } from '../../../index.ts';
import type { Connection } from './connection.ts';
import { textOf } from './statements.ts';

/** What tells a journal from other databases: `xtpj`. */
const APPLICATION_ID = 0x78_74_70_6a;
/** Raised when the tables change. 2 only added tables. */
const SCHEMA_VERSION = 2;

const SCHEMA = `
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batch (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS snapshot (seq INTEGER PRIMARY KEY, state TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS snapshot_part (draft INTEGER NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (draft, part));
CREATE TABLE IF NOT EXISTS writer (id INTEGER PRIMARY KEY CHECK (id = 1), token TEXT NOT NULL);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
COMMIT;
`;

/** Makes the tables that are not there: in a new database, or in one of an older version. */
export function createTables(connection: Connection): void {
  connection.exec(SCHEMA);
}

/**
 * Whether the tables are there; a database without any is new.
 *
 * @throws TypeError for somebody else's database, StoreCorrupt for tables that are missing.
 */
export function hasTables(connection: Connection, path: string): boolean {
  const tables = connection
    .prepare(
      "SELECT CAST(name AS BLOB) AS name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
    )
    .all()
    .map((row) => textOf(row, 'name'));
  if (tables.length === 0) return false;
  const id = connection.prepare('PRAGMA application_id').get()?.['application_id'];
  if (id !== APPLICATION_ID) {
    throw new TypeError(`expected the journal of a pool, got another database: ${path}`);
  }
  const version = connection.prepare('PRAGMA user_version').get()?.['user_version'];
  if (typeof version !== 'number' || version < 1 || version > SCHEMA_VERSION) {
    throw new RangeError(
      `expected a journal of version 1 to ${SCHEMA_VERSION}, got version ${version}: ${path}`,
    );
  }
  const added = version === 1 ? [] : ['snapshot_part', 'writer'];
  for (const table of ['batch', 'event', 'snapshot', ...added]) {
    if (!tables.includes(table)) {
      throw new StoreCorrupt(`expected the table ${table}, got ${tables.join(', ')}: ${path}`, 0);
    }
  }
  return true;
}
