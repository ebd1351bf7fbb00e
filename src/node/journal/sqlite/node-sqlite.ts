/** The SQLite that comes with Node since 22.13. */

import type { Connection, Driver } from './connection.ts';
import { uriOf } from './uri.ts';

interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readOnly: boolean }) => Connection;
}

export function nodeSqlite(): Driver {
  const { DatabaseSync } = load();
  return {
    open: (path, mode) =>
      // Early versions take no URI.
      new DatabaseSync(mode === 'read without log' ? uriOf(path, mode) : path, {
        readOnly: mode !== 'write',
      }),
    codeOf: (error) => (error as { errcode?: number }).errcode,
  };
}

/**
 * Some versions warn, once, that this is an experiment. That is true and no use to those who use a
 * journal, so this one warning is dropped; loading is synchronous, so no other can come meanwhile.
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
