/** Coordinators that are gone, and what a recovered pool takes up; a Redis that loses what it had. */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AnyFunction, type TaskContext, TaskPool } from 'xstate-taskpool';
import { cluster, serve } from 'xstate-taskpool/cluster';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { withMoreTime } from '../../support/more-time.ts';
import { describeWithRedis, LONG_LEASE, redisForTests } from '../../support/redis.ts';

describeWithRedis('what is on its way', () => {
  const redis = redisForTests({ appendOnly: 'always' });
  const logger = { warn: () => {} };
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskpool-cluster-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('when a coordinator is gone is taken up by the next: no call runs twice', async () => {
    const { connection } = redis;
    const terms = { connection: redis.withoutThread, logger, lease: LONG_LEASE };
    const runs: number[] = [];
    const open = new Map<number, () => void>();
    const module = {
      work: async (item: number) => {
        runs.push(item);
        await new Promise<void>((resolve) => open.set(item, resolve));
        return item * 10;
      },
    };
    await using worker = await serve(module, 'taken-up', { ...terms, concurrency: 2 });
    const path = join(folder, 'journal.db');
    const store = await SqliteStore.open(path);
    const first = cluster<typeof module>('taken-up', { ...terms, connection });
    const functions: Record<string, AnyFunction> = { work: first.work };
    const pool = new TaskPool({ poolSize: 3, journal: store, functions });
    const lost = pool.map(first.work, [0, 1, 2, 3], { keepResults: true }).results();
    lost.catch(() => {});
    // Two run, one waits in Redis, one in the pool.
    await expect.poll(() => redis.ask('llen', 'taskpool:taken-up:wait')).toBe('1');
    await expect.poll(() => worker.status().running).toBe(2);
    await expect.poll(() => pool.snapshot().tasks[1]?.placedBy).toBe(worker.id);
    await expect.poll(() => store.nextSeq).toBeGreaterThan(pool.snapshot().seq);
    // As a power loss would leave it: the journal ends here, and the jobs stay in Redis.
    const copy = join(folder, 'copy.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${copy}${end}`);
    await first.close();
    open.get(0)?.();
    await expect.poll(() => redis.ask('llen', 'taskpool:taken-up:wait')).toBe('0');

    await using second = cluster<typeof module>('taken-up', { ...terms, connection });
    const rest = await SqliteStore.open(copy);
    const recovered = await recoverTaskPool(rest, { functions: { work: second.work } });
    for (const item of [1, 2, 3]) {
      await expect.poll(() => open.has(item)).toBe(true);
      open.get(item)?.();
    }
    await recovered.untilIdle();
    expect(runs).toEqual([0, 1, 2, 3]);
    const { tasks } = recovered.snapshot();
    // Those that had started have no further attempt.
    expect(tasks.slice(0, 3).map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    expect(tasks.every(({ outcome }) => outcome === 'fulfilled')).toBe(true);
    await recovered.gatherAndClose();
    await rest.close();
    await pool.gatherAndClose({ returnExceptions: true });
    await store.close();
  });

  it('when a coordinator is gone, and waits for a worker, gets no context if it is to have none', async () => {
    const { connection } = redis;
    const terms = { connection: redis.withoutThread, logger, lease: LONG_LEASE };
    const module = { count: async (...args: unknown[]) => args.length };
    const path = join(folder, 'journal.db');
    const store = await SqliteStore.open(path);
    const first = cluster<typeof module>('bare', { ...terms, connection });
    const pool = new TaskPool({ journal: store, functions: { count: first.count } });
    pool
      .map(first.count, [0], { passContext: false, keepResults: true })
      .results()
      .catch(() => {});
    pool
      .map(first.count, [0], { keepResults: true })
      .results()
      .catch(() => {});
    await expect.poll(() => redis.ask('llen', 'taskpool:bare:wait')).toBe('2');
    await expect.poll(() => store.nextSeq).toBeGreaterThan(pool.snapshot().seq);
    const copy = join(folder, 'copy.db');
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${copy}${end}`);
    await first.close();

    await using second = cluster<typeof module>('bare', { ...terms, connection });
    const rest = await SqliteStore.open(copy);
    const recovered = await recoverTaskPool(rest, { functions: { count: second.count } });
    await using _worker = await serve(module, 'bare', terms);
    await recovered.untilIdle();
    expect(await recovered.task(0).result()).toBe(1);
    expect(await recovered.task(1).result()).toBe(2);
    await recovered.gatherAndClose();
    await rest.close();
    await pool.gatherAndClose({ returnExceptions: true });
    await store.close();
  });

  it('of a pool that another process has claimed is refused, here and by the workers', async () => {
    const { connection } = redis;
    const terms = { connection: redis.withoutThread, logger, lease: LONG_LEASE };
    const begun: number[] = [];
    const module = {
      work: async (item: number, { signal }: TaskContext) => {
        begun.push(item);
        await new Promise((_, reject) => signal.addEventListener('abort', reject));
      },
    };
    const first = await serve(module, 'claimed', terms);
    await using work = cluster<typeof module>('claimed', { ...terms, connection });
    const pool = new TaskPool();
    const running = pool.map(work.work, [0]).results();
    running.catch(() => {});
    await expect.poll(() => begun).toEqual([0]);
    const [created] = pool.journal.events();
    const { uid } = created as { readonly uid: string };
    await redis.ask('hset', `taskpool:claimed:/pool/${uid}`, 'by', 'another', 'number', '9');
    // The first one has no room; this one has not heard of the pool yet.
    const second = await serve(module, 'claimed', terms);
    const refused = pool.map(work.work, [1]).results();
    await expect(refused).rejects.toMatchObject({ code: 'PoolTakenOver' });
    await expect(running).rejects.toMatchObject({ code: 'PoolTakenOver' });
    expect(begun).toEqual([0]);
    await Promise.all([first, second].map((worker) => worker.close({ grace: 0 })));
  });

  it('when Redis starts again continues', async () => {
    const { connection } = redis;
    const open: (() => void)[] = [];
    const module = { work: () => new Promise<void>((resolve) => void open.push(resolve)) };
    await using worker = await serve(module, 'again', { connection, logger, lease: 60_000 });
    await using work = cluster<typeof module>('again', { connection, logger, lease: 60_000 });
    const done = work.work();
    await expect.poll(() => worker.status().running).toBe(1);
    await redis.restart();
    open[0]?.();
    expect(await done).toBeUndefined();
  });

  it('when Redis loses its data is lost, and said to be', async () => {
    const { connection } = redis;
    const module = { work: () => new Promise<void>(() => {}) };
    // A worker that the system does not run for the length of its lease is lost before.
    await withMoreTime([1000, 10_000], async (lease) => {
      const name = `flushed-${lease}`;
      const worker = await serve(module, name, { connection, logger, lease });
      try {
        await using work = cluster<typeof module>(name, { connection, logger, lease });
        const lost = work.work().catch((error: unknown) => error);
        await expect.poll(() => worker.status().running).toBe(1);
        await redis.ask('flushall');
        expect(await lost).toMatchObject({ code: 'WorkerLost' });
      } finally {
        await worker.close({ grace: 0 });
      }
    });
  });
});
