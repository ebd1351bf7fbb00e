/** The SQLite built into Node since 22.13. */

import type { Connection, Driver } from './connection.ts';
import { uriOf } from './uri.ts';

interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readOnly: boolean }) => Connection;
}

export function nodeSqlite(): Driver {
  const { DatabaseSync } = load();
  return {
    open: (path, mode) =>
      // Early versions do not accept a URI.
      new DatabaseSync(mode === 'read without log' ? uriOf(path, mode) : path, {
        readOnly: mode !== 'write',
      }),
    codeOf: (error) => (error as { errcode?: number }).errcode,
  };
}

/**
 * Loads the module without its warning that it is experimental, which is of no use to the users of a journal. Loading
 * is synchronous, so no other warning can be dropped.
 */
function load(): NodeSqlite {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes('SQLite')) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    const module = process.getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined;
    if (module === undefined) throw new TypeError(`Node ${process.version} has no node:sqlite`);
    return module;
  } finally {
    process.emitWarning = emitWarning;
  }
}
