/**
 * A cluster whose connections are cut, whose Redis is killed, or emptied by mistake. The tests wait, all at once:
 * each has names, connections and perhaps a Redis of its own.
 */

import { setTimeout as wait } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { type TaskContext, TaskPool } from 'xstate-taskpool';
import { type ClusterOptions, cluster, type ServeOptions, serve } from 'xstate-taskpool/cluster';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, RedisServer, redisForTests } from '../../support/redis.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

/** Milliseconds: an outage lasts longer than a worker counts as alive without a sign of life. */
const { OUTAGE, LEASE } = isLong ? { OUTAGE: 10_000, LEASE: 5000 } : { OUTAGE: 1200, LEASE: 600 };
const ITEMS = [...Array(isLong ? 400 : 60).keys()];
/** An attempt is lost with a worker that is cut off, and perhaps with one that the system is too busy to run. */
const RETRY = { limit: 50, delay: 10 };
/** For machines that have little time for a test. */
const PATIENCE = { timeout: 60_000 };
let number = 0;

/** A module whose calls note that they have begun. */
function noting(ms: number) {
  const effects: string[] = [];
  const visit = async (item: number, { attempt, signal }: TaskContext): Promise<number> => {
    effects.push(`${item} ${attempt}`);
    await wait(ms, undefined, { signal });
    return item;
  };
  return { effects, module: { visit } };
}

type Module = ReturnType<typeof noting>['module'];

/** A worker and a coordinator, which reach Redis at ports of their own. */
async function open(
  { onTestFinished }: TestContext,
  module: Module,
  at: { readonly worker: number; readonly coordinator: number },
  options: Partial<ServeOptions & ClusterOptions> = {},
) {
  const name = `outage-${number++}`;
  const said: string[] = [];
  const logger = { warn: (text: string) => void said.push(text) };
  const { concurrency = 5, ...shared } = { lease: LEASE, logger, ...options };
  const connect = (port: number) => ({ connection: { host: '127.0.0.1', port }, ...shared });
  const worker = await serve(module, name, { ...connect(at.worker), concurrency });
  onTestFinished(() => worker.close({ grace: 0 }));
  const work = cluster<Module>(name, connect(at.coordinator));
  onTestFinished(() => work.close());
  return { name, worker, work, said };
}

/** Each attempt has begun once at the most. */
function expectNoneTwice(effects: readonly string[]): void {
  expect(effects).toEqual([...new Set(effects)]);
}

describeWithRedis('a cluster that is cut off from its Redis', () => {
  const redis = redisForTests();

  async function proxy({ onTestFinished }: TestContext): Promise<TcpProxy> {
    const made = await TcpProxy.to(() => redis.port);
    onTestFinished(() => made[Symbol.asyncDispose]());
    return made;
  }

  test.concurrent.for(['worker', 'coordinator', 'both'] as const)(
    'does every item, and no attempt twice: %s',
    async (who, context) => {
      const proxies = { worker: await proxy(context), coordinator: await proxy(context) };
      const { effects, module } = noting(20);
      const ports = { worker: proxies.worker.port, coordinator: proxies.coordinator.port };
      // A coordinator alone that is away changes nothing for those who work.
      const lease = who === 'coordinator' ? 60_000 : LEASE;
      const { work } = await open(context, module, ports, { lease });
      const pool = new TaskPool({ poolSize: 12 });
      const group = pool.map(work.visit, ITEMS, { retry: RETRY });
      await context.expect.poll(() => effects.length, PATIENCE).toBeGreaterThan(ITEMS.length / 4);
      const cut = Object.entries(proxies)
        .filter(([whose]) => who === 'both' || who === whose)
        .map(([, each]) => each);
      for (const each of cut) each.cut();
      await wait(OUTAGE);
      for (const each of cut) each.heal();
      expect(await group.results()).toEqual(ITEMS);
      expectNoneTwice(effects);
      if (who === 'coordinator') expect(effects).toHaveLength(ITEMS.length);
      await pool.gatherAndClose();
    },
  );

  test.concurrent('is closed meanwhile, on both sides', async (context) => {
    const both = await proxy(context);
    const { module, effects } = noting(60_000);
    const { work, worker } = await open(context, module, {
      worker: both.port,
      coordinator: both.port,
    });
    const pool = new TaskPool({ poolSize: 8 });
    const results = pool.map(work.visit, ITEMS).results();
    results.catch(() => {});
    await context.expect.poll(() => effects.length, PATIENCE).toBeGreaterThanOrEqual(5);
    both.cut();
    await Promise.all([work.close(), worker.close({ grace: 0 })]);
    expect(worker.status()).toMatchObject({ state: 'closed', running: 0 });
    await expect(results).rejects.toMatchObject({ code: 'WorkerLost' });
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test.concurrent('is closed before it was ever reached', async (context) => {
    const own = await proxy(context);
    own.cut();
    const connection = { host: '127.0.0.1', port: own.port };
    const work = cluster<Module>('never', { connection, logger: { warn: () => {} } });
    const failed = expect(work.visit(1)).rejects.toMatchObject({ code: 'PoolIsClosed' });
    // Long enough to wait for the next try to connect.
    await wait(500);
    await work.close();
    await failed;
  });

  test.concurrent('is closed while the first call of a pool waits for it', async (context) => {
    const own = await proxy(context);
    const { module } = noting(0);
    const ports = { worker: redis.port, coordinator: own.port };
    const { work } = await open(context, module, ports);
    const first = new TaskPool();
    expect(await first.map(work.visit, [0]).results()).toEqual([0]);
    await first.gatherAndClose();
    own.cut();
    const pool = new TaskPool();
    const group = pool.map(work.visit, [1]);
    const failed = expect(group.results()).rejects.toMatchObject({ code: 'PoolIsClosed' });
    await context.expect
      .poll(() => pool.explain(0).sentence, PATIENCE)
      .toContain('has not answered');
    await work.close();
    await failed;
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test.concurrent('is not there yet when a worker starts: it says so, and serves when it is', async (context) => {
    const own = await proxy(context);
    own.cut();
    const said: string[] = [];
    const serving = serve(noting(0).module, 'early', {
      connection: { host: '127.0.0.1', port: own.port },
      logger: { warn: (text) => void said.push(text) },
    });
    const away =
      /^cluster early: Redis redis:\S+ (cannot be reached|has not answered for \d+ s): ./;
    await context.expect.poll(() => said, PATIENCE).toEqual([expect.stringMatching(away)]);
    own.heal();
    const worker = await serving;
    expect(worker.status()).toMatchObject({ state: 'serving', isAlive: true });
    expect(said.at(-1)).toMatch(/answers again$/);
    await worker.close();
  });

  test.concurrent('and does not come back says so', async (context) => {
    const own = await proxy(context);
    const { module } = noting(0);
    const ports = { worker: redis.port, coordinator: own.port };
    const { work, said } = await open(context, module, ports);
    const pool = new TaskPool();
    await pool.map(work.visit, [0]).results();
    own.cut();
    const group = pool.map(work.visit, [1]);
    await context.expect
      .poll(() => pool.explain(1).sentence, PATIENCE)
      .toMatch(/Redis redis:.* has not answered for \d+ s/);
    await context.expect.poll(() => said.join('\n'), PATIENCE).toContain('has not answered');
    // Whether a worker has it, nobody knows: it holds its slot until the cluster is closed.
    const failed = expect(group.results()).rejects.toMatchObject({ code: 'WorkerLost' });
    await work.close();
    await failed;
    await pool.gatherAndClose({ returnExceptions: true });
  });
});

describeWithRedis('a cluster whose Redis', () => {
  test.concurrent.for(['always', 'everysec'] as const)(
    'is killed and restarted does every item, with a log that is flushed: %s',
    async (appendOnly, context) => {
      await using redis = new RedisServer({ appendOnly });
      await redis.start();
      const { effects, module } = noting(20);
      const ports = { worker: redis.port, coordinator: redis.port };
      const { work } = await open(context, module, ports);
      const pool = new TaskPool({ poolSize: 12 });
      const group = pool.map(work.visit, ITEMS, { retry: RETRY });
      for (const share of [0.25, 0.5]) {
        await context.expect
          .poll(() => effects.length, PATIENCE)
          .toBeGreaterThan(ITEMS.length * share);
        await redis.kill();
        await wait(isLong ? OUTAGE : 100);
        await redis.start();
      }
      expect(await group.results()).toEqual(ITEMS);
      // While a slow disk flushes, Redis acknowledges for up to two seconds what it has not written yet.
      if (appendOnly === 'always') expectNoneTwice(effects);
      await pool.gatherAndClose();
      await work.close();
    },
  );

  test.concurrent('is emptied says which calls are lost, and goes on with their next attempts', async (context) => {
    await using redis = new RedisServer();
    await redis.start();
    const { effects, module } = noting(200);
    const ports = { worker: redis.port, coordinator: redis.port };
    const { work, worker } = await open(context, module, ports, { concurrency: 2 });
    const pool = new TaskPool({ poolSize: 10 });
    const errors: string[] = [];
    pool.on('task.failed', ({ error }) => void errors.push(error.name));
    const items = ITEMS.slice(0, 20);
    const group = pool.map(work.visit, items, { retry: RETRY });
    await context.expect.poll(() => effects.length, PATIENCE).toBeGreaterThanOrEqual(4);
    // Two run, eight wait in Redis, the others in the pool.
    await redis.ask('FLUSHALL');
    expect(await group.results()).toEqual(items);
    expect(new Set(errors)).toEqual(new Set(['WorkerLost']));
    expectNoneTwice(effects);
    await pool.gatherAndClose();
    await worker.close();
    await work.close();
  });
});
