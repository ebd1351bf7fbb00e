/** The tables of a journal. `docs/journal.md` describes them. */

import { StoreCorrupt } from '../../../index.ts';
import type { Connection } from './connection.ts';
import { textOf } from './statements.ts';

/** What tells a journal from other databases: `xtpj`. */
const APPLICATION_ID = 0x78_74_70_6a;
/** Raised when the tables change. */
const SCHEMA_VERSION = 1;

const SCHEMA = `
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batch (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS snapshot (seq INTEGER PRIMARY KEY, state TEXT NOT NULL, crc INTEGER NOT NULL);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
COMMIT;
`;

/** Makes the tables in a new database. */
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
  if (version !== SCHEMA_VERSION) {
    throw new RangeError(
      `expected a journal of version ${SCHEMA_VERSION}, got version ${version}: ${path}`,
    );
  }
  for (const table of ['batch', 'event', 'snapshot']) {
    if (!tables.includes(table)) {
      throw new StoreCorrupt(`expected the table ${table}, got ${tables.join(', ')}: ${path}`, 0);
    }
  }
  return true;
}
