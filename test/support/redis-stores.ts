/** Stores in the Redis of a test file. */

import { onTestFinished } from 'vitest';
import { StoreLocked } from 'xstate-taskpool';
import { RedisStore, type RedisStoreOptions } from 'xstate-taskpool/journal/redis';
import type { RedisServer } from './redis.ts';

let journals = 0;

/** A name for a new journal. */
export function newName(): string {
  return `journal-${process.pid}-${journals++}`;
}

/** Opens the journal of a name; it is closed when the test is over. */
export async function openIn(
  server: RedisServer,
  name = newName(),
  options: RedisStoreOptions = {},
): Promise<RedisStore> {
  const store = await RedisStore.open(name, { connection: server.connection, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** Opens a journal although another store holds it, as if that had been frozen for longer than its lock lasts. */
export async function takeFrom(server: RedisServer, holder: RedisStore): Promise<RedisStore> {
  for (;;) {
    await server.ask('DEL', keyOf(holder, 'lock'));
    try {
      return await openIn(server, holder.name);
    } catch (error) {
      // It was just about to renew it.
      if (!(error instanceof StoreLocked)) throw error;
    }
  }
}

/** What a key of a journal is called. */
export function keyOf({ name }: RedisStore, key: 'events' | 'meta' | 'lock'): string {
  return `taskpool:{${name}}:${key}`;
}
