/** Where Redis is, as the command line and the environment say it. */

import { CommandFailed, ExitCode } from './exit.ts';

/** Where Redis is unless that is said. */
const DEFAULT_URL = 'redis://127.0.0.1:6379';

/** The environment may hold what `ps` is not to show. */
export const REDIS_VARIABLE = 'TASKPOOL_REDIS';

/** @throws CommandFailed for a password on the command line. */
export function redisOf({ redis }: { readonly redis?: string }): string {
  if (redis === undefined) return process.env[REDIS_VARIABLE] ?? DEFAULT_URL;
  checkNoPassword(redis, '--redis');
  return redis;
}

/** @throws CommandFailed for a URL with a password: everybody on the machine can read it. */
export function checkNoPassword(url: string, where: string): void {
  if (!URL.canParse(url) || new URL(url).password === '') return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected no password in ${where}, where ps shows it: put the URL into ${REDIS_VARIABLE}`,
  );
}
