/**
 * Which databases this process has open. A process that closes a file loses its locks on it, all of them, whichever
 * of its parts has them: what SQLite has open here must not be read besides. The index of the log would be
 * taken for one that nobody uses, and be cut short under those who do.
 */

import { lockPathOf } from '../journal-path.ts';
import type { Connection, Driver, OpenMode } from './connection.ts';

/** How many connections there are, by the path of the lock. */
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
