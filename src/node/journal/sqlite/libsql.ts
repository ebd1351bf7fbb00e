/** The optional dependency `libsql`, for versions of Node that have no SQLite of their own. */

import type { Connection, Driver } from './connection.ts';
import { uriOf } from './uri.ts';

interface Libsql {
  readonly default: new (path: string) => Connection;
}

/** What libsql says where SQLite did not give a number: `Unable to open ... database FILE: 14`. */
const CODE_AT_THE_END = /: (\d+)"?\)?$/;

export async function libsql(): Promise<Driver> {
  const { default: Database } = (await import('libsql')) as unknown as Libsql;
  return {
    // Its option `readonly` is without effect; that of SQLite itself is not.
    open: (path, mode) => new Database(mode === 'write' ? path : uriOf(path, mode)),
    codeOf: (error) => {
      const { rawCode, message } = error as Error & { rawCode?: number };
      const found = rawCode ?? CODE_AT_THE_END.exec(message)?.[1];
      return found === undefined ? undefined : Number(found);
    },
  };
}
