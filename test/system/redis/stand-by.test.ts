/** The first machine is gone, and another one continues its work. Real processes, killed and frozen. */

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type PoolEvent, replay, SimpleTaskPool, StoreRemoved, TaskPool } from 'xstate-taskpool';
import type { RedisStore } from 'xstate-taskpool/journal/redis';
import { recoverSimpleTaskPool, standBy } from 'xstate-taskpool/recovery';
import { all } from '../../support/batches.ts';
import { builtProgram } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { isLong } from '../../support/length.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { newName, openIn } from '../../support/redis-stores.ts';
import { Running } from '../../support/running.ts';

const ITEMS = 400;
const LOCK_TIME = 1000;

describeWithRedis('standing by', () => {
  const server = redisForTests();

  /** Machines that work on the same; one of which nothing is heard for so many milliseconds is taken over from. */
  async function machines(lockTime = LOCK_TIME) {
    const name = newName();
    const file = join(await temporaryFolder(), 'effects');
    // Or the first one could be done before it is stopped.
    const go = `${file}.go`;
    const start = (host: string): Running => {
      const args = [host, String(server.port), name, file, String(ITEMS), String(lockTime), go];
      const program = builtProgram('test/system/programs/standing-by.ts');
      const child = spawn(process.execPath, [program, ...args]);
      onTestFinished(() => void child.kill('SIGKILL'));
      return new Running(child);
    };
    const events = async () => {
      const reader = await openIn(server, name, { readonly: true });
      return all(reader.read());
    };
    const items = async () =>
      new Set(
        (await readFile(file, 'utf8'))
          .trimEnd()
          .split('\n')
          .map((line) => parseInt(line, 10)),
      );
    return { start, events, items, release: () => writeFile(go, '') };
  }

  function expectAllDone(events: readonly PoolEvent[]): void {
    const ended = events.filter(({ type }) => type === 'task.ended');
    expect(ended).toHaveLength(ITEMS);
    expect(replay(events)).toMatchObject({ status: 'closed', totals: { fulfilled: ITEMS } });
  }

  /** Some tasks have ended, and others have not begun. */
  async function untilInTheMiddle(events: () => Promise<readonly PoolEvent[]>): Promise<void> {
    const numEnded = async () =>
      (await events()).filter(({ type }) => type === 'task.ended').length;
    await expect.poll(numEnded, { interval: 20 }).toBeGreaterThan(20);
  }

  test('continues what a machine that was killed has left', async () => {
    const { start, events, items, release } = await machines();
    const first = start('first');
    await first.says(/leads/);
    const second = start('second');
    await second.says(/waits/);
    await untilInTheMiddle(events);
    first.kill('SIGKILL');
    await first.exitCode;
    await release();
    const killed = performance.now();
    await second.says(/leads/);
    if (isLong) expect(performance.now() - killed).toBeLessThan(LOCK_TIME + 3000);
    await second.says(/done/);
    expectAllDone(await events());
    expect(await items()).toEqual(new Set(Array(ITEMS).keys()));
  });

  test('a machine that was frozen writes nothing when it comes back', async () => {
    const { start, events, items, release } = await machines();
    const first = start('first');
    await first.says(/leads/);
    const second = start('second');
    await untilInTheMiddle(events);
    first.kill('SIGSTOP');
    const frozen = performance.now();
    await second.says(/leads/);
    await release();
    if (isLong) expect(performance.now() - frozen).toBeLessThan(LOCK_TIME + 3000);
    first.kill('SIGCONT');
    await first.says(/stepped down: StoreLocked/);
    await first.says(/ended: /);
    expect(await first.exitCode).toBe(0);
    await second.says(/done/);
    expect(await second.exitCode).toBe(0);
    expectAllDone(await events());
    expect(await items()).toEqual(new Set(Array(ITEMS).keys()));
  });

  test('continues at once what was suspended', async () => {
    // The lock is not waited for, nor lost before.
    const { start, events, release } = await machines(600_000);
    const first = start('first');
    await first.says(/leads/);
    const second = start('second');
    await second.says(/waits/);
    await untilInTheMiddle(events);
    first.kill('SIGTERM');
    expect(await first.exitCode).toBe(0);
    await release();
    await second.says(/done/);
    expectAllDone(await events());
  });

  async function reader(name = newName()): Promise<RedisStore> {
    return openIn(server, name, { readonly: true });
  }

  test('gives up waiting with its signal, and leaves the journal to others', async () => {
    const first = await openIn(server);
    const pool = new TaskPool({ journal: first, functions: {} });
    await pool.untilDurable();
    const controller = new AbortController();
    const waiting = standBy(await reader(first.name), { functions: {}, signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await pool.gatherAndClose();
    await first.close();
    await openIn(server, first.name);
  });

  test('gives up waiting for somebody who never begins', async () => {
    const controller = new AbortController();
    const waiting = standBy(await reader(), { functions: {}, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('of a pool that was closed gives the closed pool', async () => {
    const journal = await openIn(server);
    const first = new TaskPool({ journal, functions: {} });
    await first.gatherAndClose();
    await first.untilDurable();
    await journal.close();
    const { pool, store } = await standBy(await reader(journal.name), { functions: {} });
    expect(pool.isClosed).toBe(true);
    await store.close();
  });

  test('continues a simple pool, by a function that does it', async () => {
    const journal = await openIn(server);
    const functions = { double };
    const first = new SimpleTaskPool(double, [21], { journal, functions });
    await first.untilDurable();
    await journal.close();
    const { pool, store } = await standBy(await reader(journal.name), (found) =>
      recoverSimpleTaskPool(found, double, [21], { functions }),
    );
    expect(pool).toBeInstanceOf(SimpleTaskPool);
    pool.start(1);
    await pool.gatherAndClose();
    await store.close();
  });

  test('says that the journal it has waited for was lost, and does not begin another one', async () => {
    const journal = await openIn(server);
    const logger = { info: () => {}, error: () => {} };
    const pool = new TaskPool({ journal, functions: {}, logger });
    await pool.untilDurable();
    const waiting = standBy(await reader(journal.name), {
      functions: {},
      begin: (store) => new TaskPool({ journal: store, functions: {} }),
    });
    waiting.catch(() => {});
    await expect
      .poll(async () => (await server.ask('CLIENT', 'LIST')).split('\n').length)
      .toBeGreaterThan(3);
    await server.ask('FLUSHALL');
    await expect(waiting).rejects.toThrow(StoreRemoved);
    await pool.gatherAndClose().catch(() => {});
  });

  test('refuses what it cannot wait for, and invalid options, at once', async () => {
    const writing = await openIn(server);
    await expect(standBy({} as RedisStore, { functions: {} })).rejects.toThrow(/readonly/);
    const begin = () => new TaskPool();
    await expect(standBy(writing, { functions: {}, begin })).rejects.toThrow(/readonly/);
    const misspelt = { functions: {}, onInterupted: 'fail' } as never;
    await expect(standBy(await reader(), misspelt)).rejects.toThrow(/onInterrupted/);
  });
});

async function double(n: number): Promise<number> {
  return 2 * n;
}
