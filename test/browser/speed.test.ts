/** How quick the dashboard is, with many events a second and a long history: `npm run test:long`. */

import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { DashboardServer } from 'xstate-taskpool/dashboard';
import { launchChromium, openPage } from '../support/page/chromium.ts';

const SECONDS = Number(process.env['SPEED_SECONDS'] ?? 60);
/** Events a second; a task makes three. */
const RATE = 5000;

/** A pool that records so many events a second, until the signal is aborted. */
function steadyPool(signal: AbortSignal): TaskPool {
  const pool = new TaskPool({ name: 'steady', poolSize: 24, logger: { info() {}, error() {} } });
  const work = async (n: number): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 1 + (n % 12)));
    if (n % 97 === 0) throw new RangeError(`${n}`);
    return n;
  };
  let n = 0;
  const start = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - start) / 1000) * (RATE / 3) - n;
    if (due >= 1) {
      pool.map(
        work,
        Array.from({ length: Math.min(500, Math.floor(due)) }, () => n++),
        {
          numConcurrent: 24,
          groupName: `batch-${n}`,
        },
      );
    }
  }, 20);
  signal.addEventListener('abort', () => clearInterval(timer));
  return pool;
}

/** Seconds that the main thread of a page has worked, and the size of its heap in bytes. */
async function metrics(session: CDPSession): Promise<{ thread: number; heap: number }> {
  const { metrics: all } = await session.send('Performance.getMetrics');
  const of = (name: string): number => all.find((metric) => metric.name === name)?.value ?? 0;
  return { thread: of('TaskDuration'), heap: of('JSHeapUsedSize') };
}

/** The times between frames, in milliseconds, over some seconds. */
function frames(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const times = [];
    let before = performance.now();
    const end = before + ${seconds * 1000};
    requestAnimationFrame(function next(now) {
      times.push(now - before);
      before = now;
      if (now < end) requestAnimationFrame(next);
      else resolve(times);
    });
  })`);
}

/** Milliseconds until a page shows a place in time, as its own clock has it: asking a page takes as long as it does. */
function jump(page: Page, seq: number): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const counts = document.querySelector('.counts');
    const begin = performance.now();
    const observer = new MutationObserver(() => {
      if (counts.dataset.seq !== '${seq}') return;
      observer.disconnect();
      resolve(Math.round(performance.now() - begin));
    });
    observer.observe(counts, { attributes: true });
    location.hash = 'at=${seq}';
  })`);
}

/** Milliseconds until a page had painted anything. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>(
    `Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)`,
  );
}

describe('speed', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test(`${RATE} events a second leave the page smooth and its memory flat`, async () => {
    const stop = new AbortController();
    const pool = steadyPool(stop.signal);
    await using server = new DashboardServer(pool);
    await using opened = await openPage(browser, (await server.listen()).url, { motion: true });
    const session = await opened.page.context().newCDPSession(opened.page);
    // Its own time: on a busy machine others have taken the rest.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await frames(opened.page, 5);
    await session.send('HeapProfiler.collectGarbage');
    const [before, seq, start] = [await metrics(session), pool.journal.nextSeq, performance.now()];
    const times = await frames(opened.page, SECONDS);
    await session.send('HeapProfiler.collectGarbage');
    const after = await metrics(session);
    const elapsed = (performance.now() - start) / 1000;
    times.sort((a, b) => a - b);
    const figures = {
      eventsPerSecond: Math.round((pool.journal.nextSeq - seq) / elapsed),
      framesPerSecond: Math.round(1000 / (times[times.length >> 1] as number)),
      mainThread: Number(((after.thread - before.thread) / elapsed).toFixed(3)),
      heapGrowth: Math.round((after.heap - before.heap) / 1024),
    };
    console.log(JSON.stringify(figures));
    stop.abort();
    await pool.untilIdle();
    // Who measures on a busy machine measures the machine: the figures are in the log.
    expect(figures.heapGrowth).toBeLessThan(30_000);
    expect(opened.problems).toEqual([]);
  });

  test('a million events behind it: it opens and jumps at once', async () => {
    const pool = new TaskPool({ poolSize: 100, journal: { size: 1_100_000 } });
    await pool.map(async (n: number) => n, Array.from({ length: 333_000 }).keys()).settled();
    await using server = new DashboardServer(pool);
    const { url } = await server.listen();
    const start = performance.now();
    await using opened = await openPage(browser, url, { motion: true });
    const open = Math.round(performance.now() - start);
    const last = pool.journal.nextSeq - 1;
    const jumps: number[] = [];
    for (let place = 1; place <= 25; place++) {
      jumps.push(await jump(opened.page, Math.floor(last * ((place * 0.618_034) % 1))));
      // What is left of a jump, and states that are kept all over the history meanwhile, are not part of the next.
      await opened.page.waitForTimeout(200);
    }
    jumps.sort((a, b) => a - b);
    const paint = await firstPaint(opened.page);
    console.log(JSON.stringify({ events: last + 1, paint, open, jumps }));
    expect(opened.problems).toEqual([]);
  });
});
