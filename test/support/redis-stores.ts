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

/** Opens the journal with a name; it is closed after the test. */
export async function openIn(
  server: RedisServer,
  name = newName(),
  options: RedisStoreOptions = {},
): Promise<RedisStore> {
  const store = await RedisStore.open(name, { connection: server.connection, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** Opens a journal although another store holds it, as if that had been frozen for longer than its lock. */
export async function takeFrom(server: RedisServer, holder: RedisStore): Promise<RedisStore> {
  for (;;) {
    await server.ask('DEL', keyOf(holder, 'lock'));
    try {
      return await openIn(server, holder.name);
    } catch (error) {
      // The other store has just renewed its lock.
      if (!(error instanceof StoreLocked)) throw error;
    }
  }
}

/** The name of a key of a journal. */
export function keyOf({ name }: RedisStore, key: 'events' | 'meta' | 'lock'): string {
  return `taskpool:{${name}}:${key}`;
}
