/** What the dashboard shows is what the pool is, now and at any place in its past. */

import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type PoolOptions, type PoolSnapshot, replay, TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
import { temporaryFolder } from '../support/folders.ts';
import { isLong } from '../support/length.ts';
import {
  findChromium,
  type Opened,
  openPage,
  sharedChromium,
  takePage,
} from '../support/page/chromium.ts';
import { goTo, type Shown, shown, until } from '../support/page/dashboard.ts';
import { seeded } from '../support/page/harbour.ts';
import { serveRecorded } from '../support/page/recorded.ts';

const random = seeded(20_261_126);

/** A whole number below another. */
const below = (end: number): number => Math.floor(random() * end);

/** A pool with random groups, whose tasks end in all ways there are. */
function busyPool(options: PoolOptions = {}): TaskPool {
  const logger = { info() {}, error() {} };
  const pool = new TaskPool({ name: 'numbers', poolSize: 3 + below(6), logger, ...options });
  const work = async (n: number, { signal }: { signal: AbortSignal }): Promise<number> => {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, 1 + random() * 20);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        if (random() < 0.7) reject(signal.reason);
        else resolve(undefined);
      });
    });
    if (random() < 0.2) throw new RangeError(`number ${n} is too large`);
    return n;
  };
  const names = ['<img src=x onerror=alert(1)>', 'plain', 'urgent', 'slow', '\u202eturned'];
  for (const groupName of names.slice(0, 2 + below(4))) {
    pool.map(
      work,
      Array.from({ length: 30 + below(90) }, (_, n) => n),
      {
        groupName,
        numConcurrent: 1 + below(4),
        priority: below(3),
        ...(random() < 0.5 ? { retry: { limit: 2, delay: 5 } } : {}),
        ...(random() < 0.3 ? { timeout: 15 } : {}),
      },
    );
  }
  pool.map(work, [1, 2, 3], { groupName: 'paused', priority: 3 }).pause();
  return pool;
}

/** Does something to a pool, whatever it is. */
function meddle(pool: TaskPool): void {
  const [victim] = pool.snapshot({ tasks: { state: 'running', last: 1 } }).tasks;
  if (victim !== undefined && random() < 0.5) pool.cancel(victim.id);
  pool.poolSize = 2 + Math.floor(random() * 8);
  if (random() < 0.3) {
    pool.pause();
    pool.resume();
  }
  if (random() < 0.1) {
    pool.lock();
    pool.unlock();
  }
}

function expectShown({ counts, chart, size, status }: Shown, snapshot: PoolSnapshot): void {
  const { totals, numRunning, numDelayed, numQueued, numCancelled, poolSize } = snapshot;
  expect(counts).toMatchObject({
    running: numRunning,
    delayed: numDelayed,
    fulfilled: totals.fulfilled,
    rejected: totals.rejected,
    cancelled: totals.cancelled,
  });
  const inState = (name: string): number =>
    snapshot.tasks.filter(({ state }) => state === name).length;
  const ended = totals.fulfilled + totals.rejected + totals.cancelled;
  expect(chart).toMatchObject({
    queued: `${numQueued} now`,
    running: `${numRunning} of ${poolSize}`,
    active: String(inState('running')),
    cancelling: String(inState('cancelling')),
    timedOut: String(inState('timedOut')),
    cancelled: `${numCancelled} now`,
    ended: ended.toLocaleString('en'),
  });
  expect(size).toBe(String(poolSize));
  expect(status).toBe(snapshot.paused ? `${snapshot.status}, paused` : snapshot.status);
}

describe.skipIf(findChromium() === undefined && process.env['CI'] === undefined)('numbers', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await sharedChromium();
  });

  const programs = Array.from({ length: isLong ? 8 : 1 }, (_, program) => program);

  test.each(programs)(
    'equal those of the snapshot while program %i works, and of a replay at any place',
    async () => {
      const pool = busyPool();
      await using server = new DashboardServer(pool);
      await using opened = await openPage(browser, (await server.listen()).url);
      const { page, problems } = opened;
      for (let time = 0; time < (isLong ? 12 : 8); time++) {
        meddle(pool);
        await page.waitForTimeout(40);
        const now = await shown(page);
        expectShown(now, replay(pool.journal, { until: now.seq }));
      }
      pool.resume();
      pool.group('paused').cancel();
      await pool.untilIdle();
      const last = pool.journal.nextSeq - 1;
      await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
      expectShown(await shown(page), pool.snapshot());
      for (let time = 0; time < (isLong ? 200 : 6); time++) {
        const seq = Math.floor(random() * last);
        await goTo(page, seq);
        expectShown(await shown(page), replay(pool.journal, { until: seq }));
      }
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('100');
      await page.getByRole('button', { name: 'Play' }).click();
      await page.getByText('● live').waitFor();
      expectShown(await shown(page), pool.snapshot());
      await goTo(page, 1);
      await page.getByRole('button', { name: 'Back to live' }).click();
      await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
      expect(problems).toEqual([]);
      await pool.gatherAndClose({ returnExceptions: true });
    },
  );

  test('equal those of a replay at any place in a journal', async () => {
    const path = join(await temporaryFolder(), 'run.db');
    const pool = busyPool({ journal: await SqliteStore.open(path) });
    for (let time = 0; time < 10; time++) {
      meddle(pool);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    pool.resume();
    pool.group('paused').cancel();
    await pool.gatherAndClose({ returnExceptions: true });
    const events = [...pool.journal];
    await using served = await serveRecorded(path);
    await using opened = await openPage(browser, served.url);
    const { page, problems } = opened;
    const last = events.length - 1;
    await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
    expectShown(await shown(page), replay(events));
    for (let time = 0; time < (isLong ? 200 : 5); time++) {
      const seq = below(last);
      await goTo(page, seq);
      expectShown(await shown(page), replay(events, { until: seq }));
    }
    expect(await page.getByRole('button', { name: 'Pause', exact: true }).count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('count submissions that wait as pending, though no event tells of them', async () => {
    const pool = new TaskPool({ poolSize: 1, logger: { info() {}, error() {} } });
    pool.pause();
    const submitted = Array.from({ length: 40 }, (_, n) => pool.submit(async () => n));
    pool.map(async (n: number) => n, [1, 2, 3]);
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, (await server.listen()).url);
    const pending = (count: number) =>
      until(
        opened.page,
        `document.querySelector('[data-count=pending]').textContent === '${count}'`,
      );
    expect(pool.numPending).toBe(43);
    await pending(43);
    submitted.push(pool.submit(async () => 0));
    await pending(44);
    pool.resume();
    await Promise.all(submitted);
    await pool.untilIdle();
    await pending(0);
    await pool.gatherAndClose();
  });

  test('miss nothing and count nothing twice when connections are lost', async () => {
    const pool = busyPool();
    await using server = new DashboardServer(pool);
    await using opened = await takePage(browser);
    const { page } = opened;
    await using _sockets = await page.addInitScript(`
      globalThis.sockets = [];
      globalThis.asked = [];
      globalThis.WebSocket = class extends WebSocket {
        constructor(url) { super(url); sockets.push(this); }
        send(text) { asked.push(text); super.send(text); }
      };
    `);
    await page.goto((await server.listen()).url);
    await page.waitForSelector('header h1');
    for (let time = 0; time < 3; time++) {
      meddle(pool);
      await until(page, `sockets.length === ${time + 1} && sockets.at(-1).readyState === 1`);
      await page.evaluate(`sockets.at(-1).close()`);
    }
    await until(page, `sockets.length === 4`);
    pool.group('paused').cancel();
    await pool.untilIdle();
    const last = pool.journal.nextSeq - 1;
    await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
    expectShown(await shown(page), pool.snapshot());
    // It went on from where it was: the state was asked for at the start only, in short and whole.
    const states = `asked.filter((text) => text.includes('"command":"state"')).length`;
    expect(await page.evaluate(states)).toBe(2);
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('are the same on two pages at once, and one that stands still holds up neither the pool nor the other', async () => {
    const pool = busyPool();
    await using server = new DashboardServer(pool);
    const { url } = await server.listen();
    await using stuck = await openPage(browser, url);
    await using other = await openPage(browser, url);
    const expectLast = async (...pages: readonly Opened[]): Promise<void> => {
      const last = pool.journal.nextSeq - 1;
      for (const { page, problems } of pages) {
        await until(page, `document.querySelector('.counts').dataset.seq === '${last}'`);
        expectShown(await shown(page), pool.snapshot());
        expect(problems).toEqual([]);
      }
    };
    pool.group('paused').cancel();
    await pool.untilIdle();
    await expectLast(stuck, other);

    const debug = await stuck.page.context().newCDPSession(stuck.page);
    // As it stands still it would be of no use to other tests.
    await using _debug = { [Symbol.asyncDispose]: () => debug.detach() };
    await debug.send('Debugger.enable');
    const paused = new Promise((resolve) => debug.once('Debugger.paused', resolve));
    await debug.send('Debugger.pause');
    await paused;
    const numbers = Array.from({ length: isLong ? 100_000 : 2000 }).keys();
    await pool.map(async (n: number) => n, numbers).settled();
    await expectLast(other);
    // It has lost nothing by that.
    await debug.send('Debugger.resume');
    await expectLast(stuck);
    await pool.gatherAndClose({ returnExceptions: true });
  });
});
