/** Proof by killing: workers of a cluster and its coordinator are killed again and again, until the work is done. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { type EventStore, type PoolEventOf, replay, TaskPool } from 'xstate-taskpool';
import { cluster } from 'xstate-taskpool/cluster';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { all } from '../../support/batches.ts';
import { builtProgram } from '../../support/built.ts';
import { kill } from '../../support/ended.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { newName, openIn } from '../../support/redis-stores.ts';
import { Running } from '../../support/running.ts';

const { ITEMS, WORKERS, CALL_MS, COORDINATOR_KILLS, KILL_EVERY_MS } = isLong
  ? { ITEMS: 5000, WORKERS: 3, CALL_MS: 60, COORDINATOR_KILLS: 3, KILL_EVERY_MS: 2000 }
  : { ITEMS: 150, WORKERS: 2, CALL_MS: 3, COORDINATOR_KILLS: 1, KILL_EVERY_MS: 300 };
/** Where the journal is makes no difference to workers: those of one of the two clusters are enough. */
const WORKER_KILLS = isLong ? { Redis: 1000, 'a file': 1000 } : { Redis: 2, 'a file': 0 };

/** What a call has left at its worker; of one that is killed, what its end is to all of its calls. */
interface Effect {
  readonly what: string;
  readonly pid: number;
  readonly item: number;
  readonly id: number;
  readonly attempt: number;
}

describeWithRedis('a cluster', () => {
  const server = redisForTests();

  function start(program: string, ...args: string[]): { child: ChildProcess; running: Running } {
    const path = builtProgram(`test/system/programs/${program}.ts`);
    const child = spawn(process.execPath, [path, String(server.port), ...args]);
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, running: new Running(child) };
  }

  async function effectsOf(name: string): Promise<Effect[]> {
    const redis = new Redis(server.connection);
    const lines = await redis.lrange(`effects:${name}`, 0, -1);
    redis.disconnect();
    return lines.map((line) => {
      const [what = '', ...numbers] = line.split(' ');
      const [pid = -1, item = -1, id = -1, attempt = -1] = numbers.map(Number);
      return { what, pid, item, id, attempt };
    });
  }

  async function begunOf(name: string): Promise<Effect[]> {
    return (await effectsOf(name)).filter(({ what }) => what === 'begins');
  }

  async function killWorker(name: string, child: ChildProcess): Promise<void> {
    await kill(child);
    await server.ask('RPUSH', `effects:${name}`, `killed ${child.pid}`);
  }

  /** Reads a journal that somebody else writes. */
  async function open(name: string, file: string | undefined): Promise<EventStore> {
    if (file === undefined) return openIn(server, name, { readonly: true });
    const store = await SqliteStore.open(file, { readonly: true });
    onTestFinished(() => store.close());
    return store;
  }

  const journals = ['Redis', 'a file'] as const;
  test.each(journals)(
    'does every item, and nothing again that was recorded as ended: %s',
    async (where) => {
      const name = newName();
      const file = where === 'Redis' ? undefined : join(await temporaryFolder(), 'journal.db');
      const startWorker = () => start('cluster-worker', name, String(CALL_MS));
      const workers = Array.from({ length: WORKERS }, startWorker);
      let isDone = false;
      const killing = (async () => {
        for (let n = 0; n < WORKER_KILLS[where] && !isDone; n++) {
          const worker = workers[n % workers.length];
          // Each serves for a while, however long it takes to start.
          await worker?.running.says(/serves/);
          await wait(KILL_EVERY_MS);
          if (worker !== undefined) await killWorker(name, worker.child);
          workers[n % workers.length] = startWorker();
        }
      })();
      killing.catch(() => {});
      for (let kills = 0; ; kills++) {
        const { running } = start(
          'cluster-coordinator',
          name,
          String(ITEMS),
          ...(file ? [file] : []),
        );
        await running.says(/ready/);
        if (kills === COORDINATOR_KILLS) {
          await running.says(/done/);
          expect(await running.exitCode).toBe(0);
          break;
        }
        // Somewhere within the work.
        const { length } = await begunOf(name);
        const share = Math.floor(ITEMS / (COORDINATOR_KILLS + 1));
        await expect
          .poll(async () => (await begunOf(name)).length, { timeout: 240_000 })
          .toBeGreaterThanOrEqual(Math.min(length + share / 2, ITEMS - 20));
        running.kill('SIGKILL');
        await running.exitCode;
      }
      isDone = true;
      await killing;

      const events = await all((await open(name, file)).read());
      const ended = events.filter(
        (event): event is PoolEventOf<'task.ended'> => event.type === 'task.ended',
      );
      expect(ended).toHaveLength(ITEMS);
      expect(replay(events).totals.fulfilled).toBe(ITEMS);
      const effects = await effectsOf(name);
      const begun = await begunOf(name);
      expect(new Set(begun.map(({ item }) => item))).toEqual(new Set(Array(ITEMS).keys()));
      for (const { item, id } of begun) expect(item).toBe(id);
      // After the attempt that is recorded as the last one there was no other.
      const attempts = new Map(ended.map(({ id, attempt }) => [id, attempt]));
      const late = begun.filter(({ id, attempt }) => attempt > (attempts.get(id) ?? 0));
      expect(late).toEqual([]);
      // Never more than the pool allows, as its journal says it, and as the workers see it.
      expect(mostAtOnce(events)).toBeLessThanOrEqual(12);
      expect(mostAtOnceAtWorkers(effects)).toBeLessThanOrEqual(12);
    },
    600_000,
  );

  test('of a million items that wait, Redis holds those that are outstanding', async () => {
    const name = newName();
    const used = async () =>
      Number(/used_memory:(\d+)/.exec(await server.ask('INFO', 'memory'))?.[1]);
    const { visit, close } = cluster<{ visit: (url: string) => Promise<number> }>(name, {
      connection: server.connection,
      logger: { warn: () => {} },
    });
    onTestFinished(close);
    const journal = await openIn(server, name);
    const before = await used();
    const pool = new TaskPool({ journal, functions: { visit }, poolSize: 200 });
    const queue = `*${name}*`;
    let pulled = 0;
    pool.map(
      visit,
      urls(1_000_000, () => pulled++),
    );
    await expect.poll(async () => outstanding(queue)).toBe(200);
    expect((await used()) - before).toBeLessThan(2 ** 20);
    // The rest is nowhere yet: not even its source was asked for more than the next one.
    expect(pulled).toBeLessThanOrEqual(201);
    expect(pool.totals.created).toBeLessThanOrEqual(201);
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true }).catch(() => {});
  });

  /** How many jobs wait for a worker. */
  async function outstanding(pattern: string): Promise<number> {
    const redis = new Redis(server.connection);
    try {
      const keys = await redis.keys(`${pattern}:wait`);
      const lengths = await Promise.all(keys.map((key) => redis.llen(key)));
      return lengths.reduce((sum, length) => sum + length, 0);
    } finally {
      redis.disconnect();
    }
  }
});

function* urls(count: number, onPulled: () => void): Generator<string> {
  for (let n = 0; n < count; n++) {
    onPulled();
    yield `https://example.org/pages/${n}`;
  }
}

/** How many tasks have been running at the same time. */
function mostAtOnce(events: readonly { readonly type: string; readonly id?: number }[]): number {
  const running = new Set<number>();
  let most = 0;
  for (const { type, id = -1 } of events) {
    if (type === 'task.started') running.add(id);
    if (type === 'task.ended' || type === 'task.failed' || type === 'task.interrupted') {
      running.delete(id);
    }
    most = Math.max(most, running.size);
  }
  return most;
}

/** How many calls have been running at the same time, of all that have begun. */
function mostAtOnceAtWorkers(effects: readonly Effect[]): number {
  const running = new Map<string, number>();
  let most = 0;
  for (const { what, pid, id, attempt } of effects) {
    const call = `${pid} ${id} ${attempt}`;
    if (what === 'begins') running.set(call, pid);
    else if (what === 'ends') running.delete(call);
    else for (const [each, at] of running) if (at === pid) running.delete(each);
    most = Math.max(most, running.size);
  }
  return most;
}
