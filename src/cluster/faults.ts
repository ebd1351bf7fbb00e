/** Errors of Redis: which of them are temporary. */

import { setTimeout } from 'node:timers/promises';

/** Answers of a Redis that starts, fails over, or is moved. */
const PASSING = /^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS)\b/;
/** Answers of a Redis that is there and refuses. */
const REFUSED = /^(?:[A-Z]{3,}) /;

/** Whether it is worth trying again: the connection is gone, or Redis says so. */
export function isPassing(error: unknown): boolean {
  const message = messageOf(error);
  return PASSING.test(message) || !REFUSED.test(message);
}

/** Only the message: errors of ioredis carry the command, which may be that with the password. */
export function messageOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' && message !== ''
    ? message
    : String(Object(error).code ?? error);
}

/** How long closing waits for a Redis that does not answer, in milliseconds. */
const FAREWELL = 2000;

/** Waits for the last commands to Redis, but not for a Redis that is away. Does not reject. */
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
