/** A cluster whose Redis is more than one process: a failover by Sentinel, and a Redis Cluster. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import type { TaskContext, TaskPool } from 'xstate-taskpool';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { RedisStore } from 'xstate-taskpool/journal/redis';
import { taskPool } from '../../support/pools.ts';
import { describeWithRedis, type RedisServer, redisForTest } from '../../support/redis.ts';

const logger = { warn: () => {} };
const functions = {
  double: async (n: number): Promise<number> => 2 * n,
  wait: async (ms: number, { signal }: TaskContext): Promise<string> => {
    await sleep(ms, undefined, { signal });
    return 'waited';
  },
};
type Functions = {
  double(n: number): Promise<number>;
  wait(ms: number, context: TaskContext): Promise<string>;
};

describeWithRedis('a cluster', () => {
  test('follows a failover of Sentinel, with calls under way', async () => {
    const primary = await redisForTest();
    const replicaof = `${primary.host} ${primary.port}`;
    const replica = await redisForTest({ settings: { replicaof } });
    await until(async () => (await replica.ask('INFO', 'replication')).includes('link_status:up'));
    const { watched: connection } = await redisForTest({ watches: primary });
    const worker = await serve(functions, 'failover', { connection, logger, concurrency: 8 });
    onTestFinished(() => worker.close());
    const work = cluster<Functions>('failover', { connection, logger });
    onTestFinished(() => work.close());
    const pool = taskPool({ retain: 'all' });
    // Longer than the failover takes, or so: some end before Redis is back, some after.
    const running = pool.map(work.wait, [500, 1500, 3000], { numConcurrent: 3 });
    await placed(pool, 3);
    await until(async () => (await offsetOf(primary)) === (await offsetOf(replica)));
    await primary.kill();
    // Made while no Redis is there.
    const later = pool.map(work.double, [1, 2, 3], { numConcurrent: 3 });
    expect(await running.results()).toEqual(['waited', 'waited', 'waited']);
    expect(await later.results()).toEqual([2, 4, 6]);
    expect(await replica.ask('INFO', 'replication')).toContain('role:master');
    await pool.gatherAndClose();
  });

  test('runs in a Redis Cluster, under a prefix with a hash tag', async () => {
    const nodes = await redisCluster();
    const connect = (): Cluster => {
      const client = new Cluster(nodes.map(({ host, port }) => ({ host, port })));
      onTestFinished(() => client.disconnect());
      return client;
    };
    const terms = { prefix: '{tenant}', logger };
    const worker = await serve(functions, 'sharded', { ...terms, connection: connect() });
    onTestFinished(() => worker.close());
    const work = cluster<Functions>('sharded', { ...terms, connection: connect() });
    onTestFinished(() => work.close());
    const pool = taskPool();
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    const doubled = await pool.map(work.double, numbers, { numConcurrent: 20 }).results();
    expect(doubled).toEqual(numbers.map((n) => 2 * n));
    const waits = pool.apply(work.wait, [60_000]);
    await placed(pool, 1);
    waits.cancel();
    expect(await waits.settled()).toMatchObject([{ status: 'cancelled' }]);

    const store = await RedisStore.open('j', { connection: connect() });
    const journaled = taskPool({ journal: store });
    expect(await journaled.map(work.double, numbers, { numConcurrent: 20 }).results()).toEqual(
      doubled,
    );
    await journaled.gatherAndClose();
    await store.close();

    const refused = /expected a prefix with a hash tag, '\{taskpool\}' for instance/;
    const untagged = { logger, connection: connect() };
    await expect(serve(functions, 'x', untagged)).rejects.toThrow(refused);
    const far = cluster<Functions>('x', untagged);
    onTestFinished(() => far.close());
    await expect(far.double(1)).rejects.toThrow(refused);
    const one = { ...terms, connection: nodes[0]?.url as string };
    await expect(serve(functions, 'x', one)).rejects.toThrow(/new Cluster\(\[…\]\)/);
  });
});

/** Two nodes that share the slots. */
async function redisCluster(): Promise<RedisServer[]> {
  const settings = { 'cluster-enabled': 'yes' };
  const one = await redisForTest({ settings });
  const other = await redisForTest({ settings });
  await one.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
  await other.ask('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
  await other.ask('CLUSTER', 'SET-CONFIG-EPOCH', '2');
  await one.ask('CLUSTER', 'MEET', other.host, String(other.port));
  for (const node of [one, other]) {
    await until(async () => (await node.ask('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  }
  return [one, other];
}

/** How much of the replication a Redis has. */
async function offsetOf(server: RedisServer): Promise<string | undefined> {
  const info = await server.ask('INFO', 'replication');
  const name = info.includes('role:master')
    ? /master_repl_offset:(\d+)/
    : /slave_repl_offset:(\d+)/;
  return name.exec(info)?.[1];
}

/** Resolves once so many more tasks have begun at workers. */
function placed(pool: TaskPool, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    pool.on('task.placed', () => {
      if (--left === 0) resolve();
    });
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}
