/** The optional dependency `libsql`, for versions of Node without SQLite. */

import type { Connection, Driver } from './connection.ts';
import { uriOf } from './uri.ts';

interface Libsql {
  readonly default: new (path: string) => Connection;
}

/** Matches the result code in a message, where libsql provides no code: `Unable to open ... database FILE: 14`. */
const CODE_AT_THE_END = /: (\d+)"?\)?$/;

export async function libsql(): Promise<Driver> {
  const { default: Database } = (await import('libsql')) as unknown as Libsql;
  return {
    // Its option `readonly` has no effect, but the URI parameter of SQLite has.
    open: (path, mode) => new Database(mode === 'write' ? path : uriOf(path, mode)),
    codeOf: (error) => {
      const { rawCode, message } = error as Error & { rawCode?: number };
      const found = rawCode ?? CODE_AT_THE_END.exec(message)?.[1];
      return found === undefined ? undefined : Number(found);
    },
  };
}
