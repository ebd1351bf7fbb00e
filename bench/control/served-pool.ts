/** Near side: a pool that is watched by clients in another process. */
import { TaskPool } from 'xstate-taskpool';
import { TCPControlServer } from 'xstate-taskpool/control';
import { FarSide } from '../far-side.ts';
import type { Seen, WatchersAnswer, WatchersRequest } from './watchers.ts';

/** Whether there is a server, and how many clients watch everything. */
export type Audience = 'no server' | number;

/** A pool, and what its watchers have seen when it is closed. */
export interface ServedPool {
  readonly pool: TaskPool;
  /** Fails if one of the watchers has missed an event. */
  seen(): Promise<Seen | undefined>;
}

/** Large enough for watchers that are slower than the pool for a moment, which must be measured, not disconnected. */
const limits = { maxBuffered: 512 * 1024 * 1024 };

let watchers: FarSide<WatchersRequest, WatchersAnswer> | undefined;

export async function servedPool(audience: Audience): Promise<ServedPool> {
  const pool = new TaskPool({ retain: 'none' });
  if (audience === 'no server') return { pool, seen: async () => undefined };
  const server = new TCPControlServer(pool, { port: 0, limits });
  const { port } = await server.listen();
  if (audience === 0) {
    return {
      pool,
      async seen() {
        await server.close();
        return undefined;
      },
    };
  }
  watchers ??= new FarSide('control/watchers');
  await watchers.ask({ port, count: audience });
  const before = pool.journal.nextSeq;
  return {
    pool,
    async seen() {
      const seen = (await watchers?.next()) as Seen;
      await server.close();
      const expected = (pool.journal.nextSeq - before) * audience;
      if (seen.events === expected) return seen;
      throw new Error(`Expected ${expected} events to be seen, got ${seen.events}.`);
    },
  };
}
