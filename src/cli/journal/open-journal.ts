/** Opens a journal of any kind. */

import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { JsonlStore } from '../../node/journal/jsonl/jsonl-store.ts';
import type { RedisStore } from '../../node/journal/redis/redis-store.ts';
import type { SqliteStore } from '../../node/journal/sqlite/sqlite-store.ts';
import { CommandFailed, ExitCode } from '../exit.ts';
import { type RedisPlace, redisPlaceOf } from './place.ts';

/** A journal on disk, or in Redis. */
export type Journal = SqliteStore | JsonlStore | RedisStore;

/** The longest wait for an unreachable Redis when reading, in milliseconds. */
const PATIENCE = 5000;

const SQLITE_MAGIC = 'SQLite format 3\0';

/**
 * Opens the journal at a path. An existing one is recognized by its contents; a new one is a folder of JSONL if the
 * path ends in `.jsonl`, and an SQLite file otherwise.
 *
 * @throws CommandFailed if the path holds anything but a journal, and the errors of opening it.
 */
export async function openJournal(path: string, readonly: boolean): Promise<Journal> {
  const place = redisPlaceOf(path);
  if (place !== undefined) return openInRedis(place, readonly);
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) throw refused(`expected a folder for the journal, got none: ${folder}`);
  try {
    return await open(path, readonly);
  } catch (error) {
    // A database of another program is a user error, not a bug.
    if (error instanceof TypeError) throw refused(error.message);
    throw error;
  }
}

async function openInRedis({ name, connection }: RedisPlace, readonly: boolean): Promise<Journal> {
  const { RedisStore } = await import('../../node/journal/redis/redis-store.ts');
  const options = readonly ? { readonly, maxOutage: PATIENCE } : {};
  try {
    return await RedisStore.open(name, { connection, ...options });
  } catch (error) {
    if (error instanceof TypeError) throw refused(error.message);
    throw error;
  }
}

async function open(path: string, readonly: boolean): Promise<Journal> {
  switch (kindOf(path)) {
    case 'jsonl': {
      const { JsonlStore } = await import('../../node/journal/jsonl/jsonl-store.ts');
      return JsonlStore.open(path, { readonly });
    }
    case 'sqlite': {
      const { SqliteStore } = await import('../../node/journal/sqlite/sqlite-store.ts');
      return SqliteStore.open(path, { readonly });
    }
    default:
      throw refused(`expected a journal, a file of SQLite or a folder of JSONL, got ${path}`);
  }
}

function refused(message: string): CommandFailed {
  return new CommandFailed(ExitCode.usage, message);
}

function kindOf(path: string): 'jsonl' | 'sqlite' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return /\.jsonl$|\/$/.test(path) ? 'jsonl' : 'sqlite';
  if (stats.isDirectory()) return isJournalFolder(path) ? 'jsonl' : undefined;
  if (!stats.isFile()) return undefined;
  return stats.size === 0 || startOf(path) === SQLITE_MAGIC ? 'sqlite' : undefined;
}

/** The file names that every folder of a journal contains, a newly created one too. */
const OF_JOURNAL = /^(?:(?:events|snapshot|opening)-\d|lock)/;

/** A folder with other contents was named by mistake. */
function isJournalFolder(path: string): boolean {
  const names = readdirSync(path);
  return names.length === 0 || names.some((name) => OF_JOURNAL.test(name));
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
