/** Where a journal is, as the command line says it: on the disk, or in a Redis. */

import { existsSync } from 'node:fs';
import { CommandFailed, ExitCode } from '../exit.ts';
import { checkNoPassword, redisOf } from '../redis-url.ts';

/** A journal in a Redis. */
export interface RedisPlace {
  /** What it is called there. */
  readonly name: string;
  readonly connection: string;
}

/** What arguments and options that take a journal say of it. */
export const JOURNAL_FORMS =
  'a file of SQLite, a folder of JSONL, redis://HOST:PORT/NAME, or redis:NAME in that of TASKPOOL_REDIS';

/**
 * Where in a Redis a journal is: `redis://host:6379/NAME`, `redis://host:6379/2/NAME` in database 2, or
 * `redis:NAME` in the Redis that the environment names. Undefined for one on the disk.
 *
 * @throws CommandFailed for such a URL without a name, or with a password.
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

/** What a journal is called in messages, and on the command line: where the Redis is may be secret. */
export function placeOf(journal: { readonly path: string } | { readonly name: string }): string {
  return 'path' in journal ? journal.path : `redis:${journal.name}`;
}

/** Whether a journal may be there: of one in a Redis that is known only once it is open. */
export function mayExist(text: string): boolean {
  return redisPlaceOf(text) !== undefined || existsSync(text);
}
