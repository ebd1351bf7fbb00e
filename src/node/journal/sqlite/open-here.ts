/**
 * Tracks which databases this process has open. When a process closes a file, it loses all its locks on that file,
 * even those of other code: so files that SQLite has open here must not be opened otherwise. SQLite would consider
 * the index of the log unused and truncate it under its users.
 */

import { lockPathOf } from '../journal-path.ts';
import type { Connection, Driver, OpenMode } from './connection.ts';

/** The number of connections, by the path of the lock. */
const counts = new Map<string, number>();

export function isOpenHere(path: string): boolean {
  return counts.has(lockPathOf(path));
}

/** Opens a connection, and counts it until it is closed. */
export function openHere(path: string, driver: Driver, mode: OpenMode): Connection {
  const connection = driver.open(path, mode);
  const key = lockPathOf(path);
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    exec: (sql) => connection.exec(sql),
    prepare: (sql) => connection.prepare(sql),
    close: () => {
      connection.close();
      const others = (counts.get(key) ?? 1) - 1;
      if (others === 0) counts.delete(key);
      else counts.set(key, others);
    },
  };
}
