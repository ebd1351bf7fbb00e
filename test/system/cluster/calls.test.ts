import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NoSuchRemoteFunction, TaskPool } from 'xstate-taskpool';
import { type ClusterWorker, cluster, type ServeOptions, serve } from 'xstate-taskpool/cluster';
import { Gate } from 'xstate-taskpool/testing';
import { FAKED } from '../../support/fake-timers.ts';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import * as module from './work.ts';

describeWithRedis('calls of a cluster', () => {
  const redis = redisForTests();
  const opened: AsyncDisposable[] = [];
  let name = '';
  let number = 0;
  beforeEach(() => {
    name = `calls-${number++}`;
  });
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
  });

  async function server(options: Partial<ServeOptions> = {}, served: object = module) {
    const worker = await serve(served, name, {
      connection: redis.withoutThread,
      concurrency: 10,
      logger: { warn: () => {} },
      ...options,
    });
    opened.push(worker);
    return worker;
  }

  function client(options: { version?: string; waitForWorker?: number; maxResult?: number } = {}) {
    const work = cluster<typeof module>(name, {
      connection: redis.connection,
      logger: { warn: () => {} },
      ...options,
    });
    opened.push(work);
    return work;
  }

  it('give what the function gives, in the order of the input', async () => {
    await server();
    const work = client();
    const pool = new TaskPool({ poolSize: 4 });
    const sums = pool.starmap(work.add, [
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(await sums.results()).toEqual([3, 7, 11]);
    expect(await pool.apply(work.nothing, []).results()).toEqual([undefined]);
  });

  it('are made without a pool as well', async () => {
    await server();
    expect(await client().add(1, 2)).toBe(3);
  });

  it('are waited for by a worker that is closed with an endless grace', async () => {
    const gate = new Gate<number>();
    const worker = await server({ lease: 60_000.5 }, { ...module, add: () => gate.promise });
    const sum = client().add(1, 2);
    await expect.poll(() => worker.status().running).toBe(1);
    expect(() => worker.close({ grace: -1 })).toThrow(/grace.*of at least 0/);
    const closed = worker.close({ grace: Number.POSITIVE_INFINITY });
    await expect.poll(() => worker.status().state).toBe('stopping');
    await wait(50);
    gate.resolve(3);
    expect(await sum).toBe(3);
    await closed;
    expect(worker.status().totals).toMatchObject({ fulfilled: 1, returned: 0 });
  });

  it('are answered where a test has replaced the timers', async () => {
    vi.useFakeTimers({ toFake: [...FAKED] });
    try {
      await server();
      const pool = new TaskPool({ poolSize: 4 });
      expect(
        await pool
          .starmap(client().add, [
            [1, 2],
            [3, 4],
          ])
          .results(),
      ).toEqual([3, 7]);
      for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
    } finally {
      vi.useRealTimers();
    }
  });

  it('fail with the error of the far side: class, message, code, cause, stack', async () => {
    await server();
    const error = await new TaskPool()
      .map(client().failWith, ['so what'])
      .results()
      .catch((e) => e);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'so what', code: 'E_WORK' });
    expect(error.cause).toMatchObject({ message: 'the cause' });
    expect(error.stack).toContain('work.ts');
  });

  it('have a context there, and the name of the worker here', async () => {
    const worker = await server();
    const pool = new TaskPool({ name: 'far', poolSize: 1 });
    const group = pool.map(client().look, ['a', 'b'], { groupName: 'looks' });
    expect((await group.results())[1]).toEqual({
      id: 1,
      index: 1,
      attempt: 1,
      groupName: 'looks',
      functionName: 'look',
      poolName: 'far',
    });
    expect(pool.snapshot().tasks[0]).toMatchObject({ placedBy: worker.id });
  });

  it('report and log from there', async () => {
    await server();
    const lines: unknown[][] = [];
    const logger = { ...console, info: (...line: unknown[]) => void lines.push(line) };
    const pool = new TaskPool({ name: 'talk', logger });
    const seen: unknown[] = [];
    pool.on('task.progressed', ({ progress }) => seen.push(progress));
    expect(await pool.map(client().speak, ['']).results()).toEqual(['spoken']);
    expect(seen).toEqual([{ half: true }]);
    expect(lines).toEqual([['talk task 0:', 'from afar', 1]]);
  });

  it('refuse at the call what JSON would change, with its path', async () => {
    await server();
    const work = client();
    const item = { list: [1, new Date(0)] } as never;
    await expect(work.look(item)).rejects.toMatchObject({
      code: 'CannotTravel',
      path: 'arguments[0].list[1]',
    });
    await expect(work.date()).rejects.toMatchObject({
      code: 'CannotTravel',
      path: 'the result.at',
    });
  });

  it('refuse a result that is too large, with advice', async () => {
    await server();
    const work = client({ maxResult: 1000 });
    await expect(work.large(2000)).rejects.toThrow(/at most 1000 characters.*return its address/);
    expect(await work.large(900)).toHaveLength(900);
  });

  it('that run are cancelled there, and hold their slots until that has ended', async () => {
    const worker = await server();
    const pool = new TaskPool({ poolSize: 1 });
    const group = pool.map(client().hang, ['x']);
    await expect.poll(() => worker.status().running).toBe(1);
    group.cancel();
    await pool.untilIdle();
    await expect
      .poll(() => worker.status())
      .toMatchObject({ running: 0, totals: { cancelled: 1 } });
    expect(pool.snapshot().tasks[0]).toMatchObject({ outcome: 'cancelled' });
  });

  it('that wait are taken out of the queue by a cancel', async () => {
    const worker = await server({ concurrency: 1 });
    const pool = new TaskPool();
    const work = client();
    const first = pool.map(work.hang, ['runs']);
    await expect.poll(() => worker.status().running).toBe(1);
    const second = pool.map(work.hang, ['waits']);
    await expect.poll(() => redis.ask('llen', `taskpool:${name}:wait`)).toBe('1');
    second.cancel();
    await expect.poll(() => pool.snapshot().totals.cancelled).toBe(1);
    expect(worker.status().running).toBe(1);
    first.cancel();
    await pool.untilIdle();
  });

  it('have a timeout that counts from when they run', async () => {
    await server({ concurrency: 1 });
    const pool = new TaskPool();
    const error = await pool
      .map(client().hang, ['x'], { timeout: 300 })
      .results()
      .catch((e) => e);
    expect(error).toMatchObject({ code: 'TaskTimedOut', which: 'timeout' });
  });

  it('go to the worker that has their function, past others that wait', async () => {
    const common = () => 0;
    const busy = new Gate<string>();
    const one = await server({ concurrency: 1 }, { common, one: () => 'one' });
    await server({ concurrency: 1 }, { common, other: () => busy.promise });
    const pool = new TaskPool();
    const work = cluster<{ one(): string; other(): string }>(name, {
      connection: redis.connection,
    });
    opened.push(work);
    // The worker that could run them is busy: they are passed on, and what comes after them is not held up.
    const others = pool.apply(work.other, [], { num: 3 });
    await expect.poll(() => one.status().totals.returned).toBeGreaterThan(3);
    expect(await pool.apply(work.one, [], { num: 3 }).results()).toEqual(['one', 'one', 'one']);
    busy.resolve('other');
    expect(await others.results()).toEqual(['other', 'other', 'other']);
  });

  it('are not lost by what is done with the reports of a worker', async () => {
    const lines: string[] = [];
    await server({
      logger: { warn: (line) => lines.push(line) && expect.fail('a logger may throw') },
      onJob: () => expect.fail('no report'),
    });
    expect(await client().add(1, 2)).toBe(3);
    expect(lines).toEqual(['onJob has failed: no report']);
  });

  it('leave nothing in Redis when they are over', async () => {
    await server();
    const pool = new TaskPool();
    await pool
      .starmap(
        client().add,
        Array.from({ length: 50 }, (_, i) => [i, i] as const),
      )
      .results();
    // Their jobs, with locks and logs: `pool-epoch-task-attempt`. What the queue has for itself stays.
    const jobs = `taskpool:${name}:[^/]*-*-*-*`;
    await expect
      .poll(() =>
        redis.ask('eval', "return table.concat(redis.call('keys', ARGV[1]), ' ')", '0', jobs),
      )
      .toBe('');
  });

  it('of a function that nobody has fail with those that there are', async () => {
    await server();
    const work = client() as unknown as { gone(): Promise<void> };
    const error = await work.gone().catch((e: unknown) => e);
    expect(error).toMatchObject({ name: NoSuchRemoteFunction.name, code: 'NoSuchRemoteFunction' });
    expect(String(error)).toContain('failWith');
  });

  it('that want another version fail, unless a worker has it', async () => {
    await server({ version: '1' });
    const work = client({ version: '2' });
    await expect(work.add(1, 2)).rejects.toMatchObject({ code: 'WrongWorkerVersion' });
    await server({ version: '2' });
    expect(await work.add(1, 2)).toBe(3);
  });

  it('say that no worker is there, and fail if that is asked for', async () => {
    const pool = new TaskPool();
    const waiting = pool.map(client().sleep, [1]);
    await expect.poll(() => pool.explain(0).sentence).toMatch(`no worker has served ${name} for`);
    waiting.cancel();
    const failed = pool.map(client({ waitForWorker: 100 }).sleep, [1]).results();
    await expect(failed).rejects.toMatchObject({ code: 'WorkerLost' });
  });

  it('of two pools are kept apart', async () => {
    await server();
    const work = client();
    const pools = [new TaskPool(), new TaskPool()];
    const all = pools.map((pool, i) => pool.starmap(work.add, [[i, 10]]).results());
    expect(await Promise.all(all)).toEqual([[10], [11]]);
  });
});

describeWithRedis('a worker of a cluster', () => {
  const redis = redisForTests({ password: 'secret' });
  const workers: ClusterWorker[] = [];
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  });

  it('refuses a name by which another program serves something else', async () => {
    const { withoutThread: connection } = redis;
    workers.push(await serve(module, 'taken', { connection }));
    const other = { unrelated: async () => {} };
    await expect(serve(other, 'taken', { connection })).rejects.toThrow(
      /a name of its own for a program that serves unrelated/,
    );
    workers.push(await serve(other, 'taken', { connection, prefix: 'tenant-b' }));
  });

  it('is the only one of two that begin in the same moment and serve nothing in common', async () => {
    const { withoutThread: connection } = redis;
    for (let round = 0; round < (isLong ? 50 : 3); round++) {
      const name = `at-once-${round}`;
      const both = [{ one: () => 1 }, { other: () => 2 }].map((each) =>
        serve(each, name, { connection }),
      );
      const settled = await Promise.allSettled(both);
      const served = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
      const refused = settled.flatMap((each) => (each.status === 'rejected' ? each.reason : []));
      expect(served).toHaveLength(1);
      expect(String(refused[0])).toMatch(/expected a name of its own .* got at-once-\d+: .* by it/);
      for (const each of served) await each.close();
    }
  });

  it('calls nothing that the module does not export', async () => {
    const { connection } = redis;
    workers.push(await serve({ fine: async () => 1 }, 'safe', { connection: redis.withoutThread }));
    await using work = cluster<Record<string, () => Promise<unknown>>>('safe', { connection });
    for (const name of ['constructor', '__proto__', 'toString']) {
      await expect(work[name]?.()).rejects.toMatchObject({ code: 'NoSuchRemoteFunction' });
    }
  });

  it('says that it is refused by Redis, without the password', async () => {
    const { host, port } = redis.connection;
    const connection = `redis://:wrong-secret@${host}:${port}`;
    const error = await serve(module, 'auth', { connection }).catch((e) => e);
    expect(String(error)).toMatch(/WRONGPASS|NOAUTH/);
    expect(JSON.stringify(error)).not.toContain('wrong-secret');
    await using work = cluster<typeof module>('auth', { connection });
    await expect(work.add(1, 2)).rejects.toThrow(/WRONGPASS|NOAUTH/);
  });
});

describe('what is no cluster', () => {
  it('is refused at the call', async () => {
    const connection = 'redis://127.0.0.1:1';
    expect(() => cluster('a:b', { connection })).toThrow(/name of a cluster.*got 'a:b'/);
    expect(() => cluster('a', { connection: 'http://secret' })).toThrow(/connection.*another text/);
    for (const lease of [1, Number.POSITIVE_INFINITY]) {
      expect(() => cluster('a', { connection, lease })).toThrow(/lease.*of at least 100/);
    }
    expect(() => cluster('a', { connection, prefx: 'x' } as never)).toThrow(
      /did you mean 'prefix'/,
    );
    await expect(serve({ a: 1 }, 'a', { connection })).rejects.toThrow(/exports functions, got.*a/);
    await expect(serve(module, 'a', { connection, concurrency: 0 })).rejects.toThrow(RangeError);
  });
});
