/** A Redis that is no good for a cluster says so at once; one that is full for a while loses nothing. */

import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { withMoreTime } from '../../support/more-time.ts';
import { taskPool } from '../../support/pools.ts';
import { describeWithRedis, RedisServer } from '../../support/redis.ts';

async function double(n: number): Promise<number> {
  return 2 * n;
}

async function started(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const server = new RedisServer({ settings });
  await server.start();
  onTestFinished(() => server.end());
  return server;
}

describeWithRedis('a Redis', () => {
  test('whose user may not do all that is needed is refused on both sides, with what is missing', async () => {
    const redis = await started();
    const refusalsOf = async (user: string, ...rules: string[]) => {
      await redis.ask('ACL', 'SETUSER', user, 'on', '>secret', '&*', ...rules);
      const logger = { warn: () => {} };
      const connection = { ...redis.connection, username: user, password: 'secret' };
      const work = cluster<{ double: typeof double }>('c', { connection, logger });
      onTestFinished(() => work.close());
      const both = [serve({ double }, 'c', { connection, logger }), work.double(1)];
      const settled = await Promise.allSettled<unknown>(both);
      return settled.map((each) => (each.status === 'rejected' ? String(each.reason) : 'none'));
    };
    const keys = 'on keys that begin with taskpool:c:, got one who may not';
    for (const command of ['hset', 'xread', 'xadd']) {
      const missing = `a user of Redis who may run ${command.toUpperCase()} ${keys}`;
      expect(await refusalsOf(`no-${command}`, '~*', '+@all', `-${command}`)).toEqual([
        expect.stringContaining(missing),
        expect.stringContaining(missing),
      ]);
    }
    expect(await refusalsOf('no-eval', '~*', '+@all', '-eval')).toEqual([
      expect.stringMatching(/eval/i),
      expect.stringMatching(/eval/i),
    ]);
    expect(await refusalsOf('other-keys', '~other:*', '+@all')).toEqual([
      expect.stringContaining('NOPERM'),
      expect.stringContaining('NOPERM'),
    ]);
    // One who may do what the guide says is not refused, nor asked in a way that Redis 7.0 crashes of.
    const rules = ['~taskpool:*', '+@all', '-@admin', '-@dangerous', '+info'];
    await redis.ask('ACL', 'SETUSER', 'guide', 'on', '>secret', ...rules);
    const terms = {
      connection: { ...redis.connection, username: 'guide', password: 'secret' },
      logger: { warn: () => {} },
    };
    const worker = await serve({ double }, 'c', terms);
    const work = cluster<{ double: typeof double }>('c', terms);
    onTestFinished(() => work.close());
    expect(await work.double(21)).toBe(42);
    await worker.close();
    // No worker is left that takes calls all the same.
    expect(await redis.ask('HLEN', 'taskpool:c:/beats')).toBe('0');
  });

  test('that drops what it has when it is full is refused', async () => {
    const redis = await started({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' });
    const { connection } = redis;
    const expected = 'expected a Redis with maxmemory-policy noeviction, got allkeys-lru';
    await expect(serve({ double }, 'c', { connection })).rejects.toThrow(expected);
    const work = cluster<{ double: typeof double }>('c', { connection });
    onTestFinished(() => work.close());
    await expect(work.double(1)).rejects.toThrow(expected);
  });

  test('that is full for longer than the lease makes no worker count as dead, and is not stormed', async () => {
    const redis = await started();
    // A worker that the system does not run for as long as its lease is lost.
    await withMoreTime([2000, 10_000], (lease) => outlivesFullRedis(redis, lease));
  });

  async function outlivesFullRedis(redis: RedisServer, lease: number): Promise<void> {
    const name = `full-${lease}`;
    const said: string[] = [];
    const terms = {
      connection: redis.connection,
      logger: { warn: (text: string) => void said.push(text) },
      lease,
    };
    let begun = 0;
    let isOver = false;
    const slow = async (n: number): Promise<number> => {
      begun++;
      while (!isOver) await wait(20);
      return n;
    };
    const worker = await serve({ slow }, name, { ...terms, concurrency: 4 });
    onTestFinished(() => worker.close());
    const work = cluster<{ slow: typeof slow }>(name, terms);
    onTestFinished(() => work.close());
    const pool = taskPool({ retain: 'all' });
    const results = pool.map(work.slow, [1, 2, 3, 4, 5, 6], { numConcurrent: 6 }).results();
    await expect.poll(() => begun).toBe(4);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    await wait(1.5 * lease);
    // On a busy machine it may be late for once.
    await expect.poll(() => worker.status().isAlive).toBe(true);
    // Results have room, since their jobs leave; that the next one cannot be fetched is said once.
    isOver = true;
    await expect.poll(() => said.join('\n')).toContain('OOM');
    await wait(lease);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect(await results).toEqual([1, 2, 3, 4, 5, 6]);
    expect(pool.snapshot().tasks.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(said.length).toBeLessThan(10);
    await pool.gatherAndClose();
  }
});
