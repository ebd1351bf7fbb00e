/** The location of a journal, as given on the command line: on disk, or in Redis. */

import { existsSync } from 'node:fs';
import { CommandFailed, ExitCode } from '../exit.ts';
import { checkNoPassword, redisOf } from '../redis-url.ts';

/** The location of a journal in Redis. */
export interface RedisPlace {
  /** The name of the journal. */
  readonly name: string;
  readonly connection: string;
}

/** The accepted forms, for the help. */
export const JOURNAL_FORMS =
  'a file of SQLite, a folder of JSONL, redis://HOST:PORT/NAME, or redis:NAME in that of TASKPOOL_REDIS';

/**
 * Parses the location of a journal in Redis: `redis://host:6379/NAME`, `redis://host:6379/2/NAME` in database 2, or
 * `redis:NAME` on the server in `TASKPOOL_REDIS`. Returns undefined for a path.
 *
 * @throws CommandFailed for a URL without a name, or with a password.
 */
export function redisPlaceOf(text: string): RedisPlace | undefined {
  if (!/^rediss?:/.test(text)) return undefined;
  const [, named] = /^redis:([^/]+)$/.exec(text) ?? [];
  if (named !== undefined) return { name: named, connection: redisOf({}) };
  checkNoPassword(text, 'the URL of a journal');
  const [, connection, name] = /^(rediss?:\/\/[^/]+(?:\/\d+)?)\/([^/?#]+)$/.exec(text) ?? [];
  if (connection === undefined || name === undefined) {
    throw new CommandFailed(
      ExitCode.usage,
      'expected a journal in Redis as redis://HOST:PORT/NAME or redis:NAME, got something else',
    );
  }
  return { name: decodeURIComponent(name), connection };
}

/** The name of a journal in messages and on the command line; the address of a Redis may be secret. */
export function placeOf(journal: { readonly path: string } | { readonly name: string }): string {
  return 'path' in journal ? journal.path : `redis:${journal.name}`;
}

/** Whether a journal may exist; in Redis that is known only after opening it. */
export function mayExist(text: string): boolean {
  return redisPlaceOf(text) !== undefined || existsSync(text);
}
