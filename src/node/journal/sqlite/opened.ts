/** Opens databases, and handles damaged logs. */

import { existsSync } from 'node:fs';
import { StoreCorrupt } from '../../../index.ts';
import type { Connection, Driver, OpenMode } from './connection.ts';
import { openHere } from './open-here.ts';
import { tablesIn } from './schema.ts';
import { readError } from './sqlite-errors.ts';
import { type JournalBounds, SqliteReader } from './sqlite-reader.ts';

/** The bounds of a database without tables. */
export const EMPTY: JournalBounds = {
  firstSeq: 0,
  nextSeq: undefined,
  snapshotSeq: -1,
  pool: undefined,
  lastPool: undefined,
  damagedAt: undefined,
};

/** The error for a damaged log. The log may hold any number of events; those in the database itself are intact. */
export async function damagedLog(path: string, driver: Driver): Promise<StoreCorrupt> {
  if (!existsSync(path)) return logDamaged(path, 0);
  const seq = await opened(path, driver, 'read without log', async (connection) => {
    const tables = tablesIn(connection, path);
    const reader = tables && new SqliteReader(connection, tables, driver, path);
    const { nextSeq = 0 } = reader?.bounds() ?? EMPTY;
    connection.close();
    return nextSeq;
  });
  return logDamaged(path, seq);
}

export function logDamaged(path: string, seq: number): StoreCorrupt {
  return new StoreCorrupt(`expected event ${seq}, got a damaged log: ${path}-wal`, seq);
}

/** Opens a connection for a function that will close it; closes it if the function fails. */
export async function opened<T>(
  path: string,
  driver: Driver,
  mode: OpenMode,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  let connection: Connection | undefined;
  try {
    connection = openHere(path, driver, mode);
    return await use(connection);
  } catch (error) {
    connection?.close();
    throw readError(error, driver, path, 0);
  }
}
