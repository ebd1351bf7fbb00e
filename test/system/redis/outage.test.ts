/** A Redis that is gone for a while, comes back with less than it had, or does not come back. */

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { StoreRemoved, StoreUnreachable, TaskPool } from 'xstate-taskpool';
import type { RedisStore } from 'xstate-taskpool/journal/redis';
import { all } from '../../support/batches.ts';
import { withMoreTime } from '../../support/more-time.ts';
import { rejectionOf } from '../../support/observing.ts';
import {
  describeWithRedis,
  type RedisServer,
  redisForTest,
  redisForTests,
} from '../../support/redis.ts';
import { keyOf, newName, openIn } from '../../support/redis-stores.ts';
import { locked } from '../../support/sample-events.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

describeWithRedis('a journal in a Redis that', () => {
  describe('is cut off', () => {
    const server = redisForTests();

    test('is written on when the connection is back, each batch once', async () => {
      await using proxy = await TcpProxy.to(() => server.port);
      const connection = { ...server.connection, port: proxy.port };
      const store = await openIn(server, newName(), { connection });
      for (let next = 0; next < 300; next += 10) {
        const appended = store.append(locked(next, 10));
        if (next % 50 === 0) {
          proxy.cut();
          // Whether the batch had been stored by then, nobody knows.
          await new Promise((resolve) => setTimeout(resolve, 20));
          proxy.heal();
        }
        await appended;
      }
      expect(await all(store.read())).toEqual(locked(0, 300));
    });

    test('holds a pool up, and it goes on', async () => {
      await using proxy = await TcpProxy.to(() => server.port);
      const connection = { ...server.connection, port: proxy.port };
      const journal = await openIn(server, newName(), { connection, lockTime: 200 });
      const pool = new TaskPool({ journal, functions: { square }, poolSize: 4 });
      const group = pool.map(square, range(200));
      await pool.untilDurable();
      proxy.cut();
      // For longer than the lock lasts: nobody else wants it.
      await expect.poll(() => server.ask('EXISTS', keyOf(journal, 'lock'))).toBe('0');
      proxy.heal();
      expect(await group.results()).toEqual(range(200).map((n) => n * n));
      await pool.gatherAndClose();
      expect(pool.journal.nextSeq).toBe(journal.nextSeq);
    });

    test('is given up after maxOutage, and closing waits for nobody', async () => {
      const own = await redisForTest({ password: 'never-shown' });
      const { store, maxOutage } = await written(own);
      await own.kill();
      const error = await rejectionOf(store.append(locked(1, 1)));
      expect(error).toBeInstanceOf(StoreUnreachable);
      const message = new RegExp(`no answer for ${maxOutage} ms.*redis://127.0.0.1:\\d+$`);
      expect((error as Error).message).toMatch(message);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('never-shown');
      expect(await rejectionOf(store.append(locked(1, 1)))).toBe(error);
      await store.close();
      await expect(openIn(own)).rejects.toThrow(StoreUnreachable);
    });

    test('is frozen is given up too', async () => {
      const own = await redisForTest();
      const { store } = await written(own);
      own.freeze();
      await expect(store.append(locked(1, 1))).rejects.toThrow(StoreUnreachable);
      own.thaw();
    });

    /** A journal of one event, given up as soon as may be: a Redis that is there may be late as well. */
    function written(own: RedisServer) {
      return withMoreTime([300, 3000, 30_000], async (maxOutage) => {
        const store = await openIn(own, newName(), { connection: own.connection, maxOutage });
        await store.append(locked(0, 1));
        return { store, maxOutage };
      });
    }
  });

  test('dies and has a log, goes on with all that was acknowledged', async () => {
    const server = await redisForTest({ appendOnly: 'everysec' });
    const store = await openIn(server);
    for (let next = 0; next < 500; next += 5) {
      // What was acknowledged in the last second is lost, as far as Redis is concerned.
      if (next === 100 || next === 300) await server.restart();
      await store.append(locked(next, 5));
    }
    await server.restart();
    await expect.poll(() => server.ask('HGET', keyOf(store, 'meta'), 'next')).toMatch(/^500:/);
    await store.close();
    const next = await openIn(server, store.name);
    expect(await all(next.read())).toEqual(locked(0, 500));
  });

  test('comes back with an older state, gets again what it had acknowledged since', async () => {
    const server = await redisForTest();
    const stores = [await openIn(server), await openIn(server, newName(), { lockTime: 200 })];
    for (const store of stores) await store.append(locked(0, 3));
    await server.ask('SAVE');
    for (const store of stores) {
      await store.append(locked(3, 4));
      await store.append(locked(7, 1));
    }
    await server.restart();
    const [busy, idle] = stores as [RedisStore, RedisStore];
    await busy.append(locked(8, 2));
    expect(await all(busy.read())).toEqual(locked(0, 10));
    // This one finds out when it renews its lock.
    await expect.poll(() => server.ask('HGET', keyOf(idle, 'meta'), 'next')).toMatch(/^8:/);
    expect(await all(idle.read())).toEqual(locked(0, 8));
  });

  const losses: [string, (server: RedisServer) => Promise<unknown>][] = [
    ['is emptied', (server) => server.ask('FLUSHALL')],
    ['dies and has no log', (server) => server.restart()],
  ];
  test.each(losses)('%s says so, also when there is nothing to write', async (_what, lose) => {
    const server = await redisForTest();
    const [busy, idle] = [await openIn(server), await openIn(server, newName(), { lockTime: 100 })];
    for (const store of [busy, idle]) await store.append(locked(0, 3));
    await lose(server);
    await expect(busy.append(locked(3, 1))).rejects.toThrow(StoreRemoved);
    await expect.poll(() => idle.failed.aborted).toBe(true);
    expect(idle.failed.reason).toBeInstanceOf(StoreRemoved);
    await expect(idle.append(locked(3, 1))).rejects.toThrow(StoreRemoved);
  });

  test('has lost more than is kept says which events are gone', async () => {
    const server = await redisForTest();
    const first = await openIn(server);
    await first.append(locked(0, 5));
    const noted = await server.ask('HGET', keyOf(first, 'meta'), 'next');
    await first.append(locked(5, 2));
    await first.close();
    const store = await openIn(server, first.name);
    // As if it had come back from an older copy.
    await server.ask('HSET', keyOf(store, 'meta'), 'next', noted);
    const error = await rejectionOf(store.append(locked(7, 1)));
    expect(error).toBeInstanceOf(StoreRemoved);
    expect((error as Error).message).toContain('all events before 7');
    expect((error as Error).message).toContain('those before 5');
  });

  test('is full refuses what there is no room for, and keeps what it had acknowledged', async () => {
    const server = await redisForTest({ settings: { maxmemory: '4mb' } });
    const store = await openIn(server);
    let next = 0;
    let failure: unknown;
    while (failure === undefined && next < 1_000_000) {
      const wordy = locked(next, 100).map((event) => ({ ...event, note: 'so it is'.repeat(20) }));
      failure = await store.append(wordy).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) next += wordy.length;
    }
    expect(failure).toMatchObject({ code: 'StoreFull' });
    expect(next).toBeGreaterThan(0);
    // It stays so, even if there is room again.
    await server.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect(await rejectionOf(store.append(locked(next, 1)))).toBe(failure);
    await store.close();
    const again = await openIn(server, store.name);
    expect(again.nextSeq).toBe(next);
    expect(await all(again.read())).toHaveLength(next);
    await again.append(locked(next, 1));
  });
});

async function square(n: number): Promise<number> {
  return n * n;
}

function range(count: number): number[] {
  return [...Array(count).keys()];
}
