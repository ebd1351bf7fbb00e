/** The URL of Redis, from the command line or the environment. */

import { CommandFailed, ExitCode } from './exit.ts';

/** Used if neither the option nor the variable is set. */
const DEFAULT_URL = 'redis://127.0.0.1:6379';

/** The environment variable of the URL, which may hold a password that `ps` must not show. */
export const REDIS_VARIABLE = 'TASKPOOL_REDIS';

/** @throws CommandFailed for what is no URL of Redis, and for a password on the command line. */
export function redisOf({ redis }: { readonly redis?: string }): string {
  if (redis === undefined)
    return checked(process.env[REDIS_VARIABLE] ?? DEFAULT_URL, REDIS_VARIABLE);
  checkNoPassword(redis, '--redis');
  return checked(redis, '--redis');
}

/** The value is not printed, since it may hold a password. */
function checked(url: string, where: string): string {
  if (/^rediss?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new CommandFailed(
    ExitCode.usage,
    `expected a URL in ${where} that begins with redis:// or rediss://`,
  );
}

/**
 * @throws CommandFailed if a URL has a password: all users of the machine can read the command line.
 */
export function checkNoPassword(url: string, where: string): void {
  if (!URL.canParse(url) || new URL(url).password === '') return;
  throw new CommandFailed(
    ExitCode.usage,
    `expected no password in ${where}, where ps shows it: put the URL into ${REDIS_VARIABLE}`,
  );
}
