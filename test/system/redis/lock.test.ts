/** Who may write a journal in Redis. */

import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { PoolIsLocked, StoreLocked, TaskPool } from 'xstate-taskpool';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { all } from '../../support/batches.ts';
import { rejectionOf } from '../../support/observing.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { keyOf, newName, openIn, takeFrom } from '../../support/redis-stores.ts';
import { locked, sampleState } from '../../support/sample-events.ts';

describeWithRedis('a journal in Redis', () => {
  const server = redisForTests();

  test('is written by one at a time, and the other learns by whom', async () => {
    const store = await openIn(server);
    const refused = await rejectionOf(openIn(server, store.name));
    expect(refused).toBeInstanceOf(StoreLocked);
    expect((refused as Error).message).toContain(`process ${process.pid} on ${hostname()}`);
    const reader = await openIn(server, store.name, { readonly: true });
    await store.append(locked(0, 3));
    expect(await all(reader.read())).toEqual(locked(0, 3));
    await expect(reader.append(locked(3, 1))).rejects.toThrow(TypeError);
    await store.close();
    const next = await openIn(server, store.name);
    expect(next.nextSeq).toBe(3);
  });

  test('has its lock renewed before that ends by itself', async () => {
    const store = await openIn(server, newName(), { lockTime: 400 });
    let before = 400;
    const isLonger = async () => {
      const left = Number(await server.ask('PTTL', keyOf(store, 'lock')));
      const was = before;
      before = left;
      return left > was;
    };
    await expect.poll(isLonger, { interval: 5 }).toBe(true);
  });

  test('is not written any more by one whose lock has gone to another one', async () => {
    const first = await openIn(server);
    await first.append(locked(0, 10));
    const second = await takeFrom(server, first);
    expect(second.nextSeq).toBe(10);
    const refused = await rejectionOf(first.append(locked(10, 3)));
    expect(refused).toBeInstanceOf(StoreLocked);
    expect((refused as Error).message).toContain('another process has taken over');
    const checkpoint = { seq: 9, state: sampleState(9), prune: true };
    expect(await rejectionOf(first.checkpoint(checkpoint))).toBeInstanceOf(StoreLocked);
    await second.append(locked(10, 5));
    // Nor does it take the lock of its successor along.
    await first.close();
    await expect(openIn(server, first.name)).rejects.toThrow(StoreLocked);
    expect(await all(second.read())).toEqual(locked(0, 15));
  });

  test('locks a pool that has nothing to write, once another one writes', async () => {
    const journal = await openIn(server, newName(), { lockTime: 100 });
    const pool = new TaskPool({
      journal,
      functions: {},
      logger: { info: () => {}, error: () => {} },
    });
    const seen: string[] = [];
    pool.on('journal.failed', ({ type }) => seen.push(type));
    await expect.poll(() => journal.nextSeq).toBe(1);
    await takeFrom(server, journal);
    await expect.poll(() => pool.isLocked).toBe(true);
    expect(seen).toEqual(['journal.failed']);
    expect(journal.failed.reason).toBeInstanceOf(StoreLocked);
    expect(() => pool.apply(async () => {})).toThrow(PoolIsLocked);
    await expect(pool.gatherAndClose()).rejects.toThrow(StoreLocked);
  });

  test('goes from hand to hand, and nothing that was acknowledged is lost', async () => {
    const name = newName();
    const writers = [await openIn(server, name)];
    let stored = 0;
    for (let round = 0; round < 40; round++) {
      const writer = writers[(round * 7919) % writers.length] as RedisStore;
      const size = 1 + (round % 5);
      try {
        await writer.append(locked(writer.nextSeq, size));
        expect(writer.nextSeq).toBe(stored + size);
        stored += size;
      } catch (error) {
        expect(error).toBeInstanceOf(StoreLocked);
      }
      if (round % 4 === 0) {
        const next = await takeFrom(server, writer);
        expect(next.nextSeq).toBe(stored);
        writers.push(next);
      }
    }
    expect(await all((writers.at(-1) as RedisStore).read())).toEqual(locked(0, stored));
  });

  test('is removed when nobody writes it, with all its keys', async () => {
    const store = await openIn(server);
    const options = { connection: server.connection };
    await store.append(locked(0, 10));
    await store.checkpoint({ seq: 5, state: sampleState(5) });
    await expect(RedisStore.remove(store.name, options)).rejects.toThrow(StoreLocked);
    await store.close();
    expect(await RedisStore.remove(store.name, options)).toBe(true);
    expect(await server.ask('KEYS', `*${store.name}*`)).toBe('*0');
    expect(await RedisStore.remove(store.name, options)).toBe(false);
  });

  test('leaves nothing of checkpoints that were replaced, or broken off', async () => {
    const store = await openIn(server);
    await store.append(locked(0, 10));
    for (const seq of [3, 5, 7]) await store.checkpoint({ seq, state: sampleState(seq) });
    function* broken() {
      yield sampleState(8) as never;
      throw new Error('broken off');
    }
    const halfDone = store.checkpointInParts({ seq: 8, parts: broken() });
    await expect(halfDone).rejects.toThrow('broken off');
    const keys = await server.ask('KEYS', `*${store.name}}:checkpoint*`);
    expect(keys.split('\r\n')[0]).toBe('*1');
    expect((await store.latestCheckpoint())?.seq).toBe(7);
  });
});
