/** Classifies errors of Redis as temporary or permanent. */

import { setTimeout } from 'node:timers/promises';

/** Errors of a Redis that is starting, failing over, or being moved. */
const PASSING = /^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS)\b/;
/** Errors with a code from Redis: the command was refused. */
const REFUSED = /^(?:[A-Z]{3,}) /;

/** Whether trying again may help: the connection is lost, or Redis reports a temporary state. */
export function isPassing(error: unknown): boolean {
  const message = messageOf(error);
  return PASSING.test(message) || !REFUSED.test(message);
}

/** Returns only the message: errors of ioredis contain the command, which may include the password. */
export function messageOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' && message !== ''
    ? message
    : String(Object(error).code ?? error);
}

/** Milliseconds that closing waits for a Redis that does not answer. */
const FAREWELL = 2000;

/** Awaits final commands, but only briefly if Redis does not answer. Does not reject. */
export async function atLast(commands: Promise<unknown> | undefined): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const late = setTimeout(FAREWELL, undefined, { signal }).catch(() => {});
  await Promise.race([Promise.resolve(commands).catch(() => {}), late]);
  over.abort();
}

export async function pauseFor(ms: number): Promise<void> {
  await setTimeout(ms);
}
