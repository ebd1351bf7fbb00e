/** Opens a journal, of whichever kind it is. */

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { JsonlStore } from '../../journal/jsonl/jsonl-store.ts';
import type { SqliteStore } from '../../journal/sqlite/sqlite-store.ts';
import { CommandFailed, ExitCode } from '../exit.ts';

/** A journal on the disk. */
export type Journal = SqliteStore | JsonlStore;

const SQLITE_MAGIC = 'SQLite format 3\0';

/**
 * Opens the journal at a path: what is there says which kind it is. Where nothing is, it is a folder
 * of text files if the path ends in `.jsonl`, and a file of SQLite if not.
 *
 * @throws CommandFailed for something else than a journal, and what opening throws.
 */
export async function openJournal(path: string, readonly: boolean): Promise<Journal> {
  switch (kindOf(path)) {
    case 'jsonl': {
      const { JsonlStore } = await import('../../journal/jsonl/jsonl-store.ts');
      return JsonlStore.open(path, { readonly });
    }
    case 'sqlite': {
      const { SqliteStore } = await import('../../journal/sqlite/sqlite-store.ts');
      return SqliteStore.open(path, { readonly });
    }
    default:
      throw new CommandFailed(
        ExitCode.usage,
        `expected a journal, a file of SQLite or a folder of JSONL, got ${path}`,
      );
  }
}

function kindOf(path: string): 'jsonl' | 'sqlite' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return /\.jsonl$|\/$/.test(path) ? 'jsonl' : 'sqlite';
  if (stats.isDirectory()) return 'jsonl';
  return stats.size === 0 || startOf(path) === SQLITE_MAGIC ? 'sqlite' : undefined;
}

function startOf(path: string): string {
  const bytes = Buffer.alloc(SQLITE_MAGIC.length);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return bytes.toString('latin1');
}
