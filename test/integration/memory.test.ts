/** Memory is bounded by what runs and what is retained, however much is done and for how long. */

import { expect, test } from 'vitest';
import type { PoolOptions, TaskPool } from 'xstate-taskpool';
import { memoryUsed } from '../support/memory.ts';
import { simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

function* upTo(end: number) {
  for (let i = 0; i < end; i += 1) yield { i, text: `item ${i}` };
}

/** How much more memory, in megabytes, is in use at any of some points of a run. */
class Growth {
  readonly points: number[] = [];
  #start = 0;

  async begin(): Promise<void> {
    this.#start = await memoryUsed();
  }

  async look(): Promise<void> {
    this.points.push((await memoryUsed()) - this.#start);
  }

  get most(): number {
    return Math.max(...this.points);
  }

  /** Megabytes a point, by the method of least squares: noise at the ends hardly shows. */
  get slope(): number {
    const { points } = this;
    const center = (points.length - 1) / 2;
    const mean = points.reduce((sum, point) => sum + point, 0) / points.length;
    let product = 0;
    let square = 0;
    for (const [i, point] of points.entries()) {
      product += (i - center) * (point - mean);
      square += (i - center) ** 2;
    }
    return product / square;
  }
}

test('growth is seen', async () => {
  const growth = new Growth();
  const kept: unknown[] = [];
  await growth.begin();
  for (let round = 0; round < 10; round += 1) {
    kept.push(Array.from({ length: 20_000 }, (_, i) => [i]));
    await growth.look();
  }
  expect(growth.slope).toBeGreaterThan(0.3);
  expect(growth.most).toBeGreaterThan(3);
  expect(kept).toHaveLength(10);
});

test('300,000 items of a generator, results dropped', async () => {
  const growth = new Growth();
  const pool = taskPool({ retain: 'none', journal: { size: 1000 } });
  await growth.begin();
  const work = async ({ i }: { i: number }) => {
    if (i % 30_000 === 0) await growth.look();
    return { i };
  };
  pool.map(work, upTo(300_000), { numConcurrent: 100 });
  await pool.gatherAndClose();

  expect(pool.totals.fulfilled).toBe(300_000);
  expect(growth.points).toHaveLength(10);
  expect(growth.most).toBeLessThan(2);
});

test('100,000 tasks of one call that runs a few at a time', async () => {
  const growth = new Growth();
  const pool = taskPool({ poolSize: 10, retain: 'none', journal: { size: 1000 } });
  await growth.begin();
  let calls = 0;
  const work = async () => {
    if (calls++ % 10_000 === 0) await growth.look();
  };
  pool.apply(work, [], { num: 100_000 });
  await pool.gatherAndClose();

  expect([calls, growth.points.length]).toEqual([100_000, 10]);
  expect(growth.most).toBeLessThan(2);
});

test('the journal takes what its size says, and no more', async () => {
  const growth = new Growth();
  const pool = taskPool({ retain: 'none' });
  await growth.begin();
  for (let round = 0; round < 6; round += 1) {
    await pool.map(async () => 1, upTo(20_000), { numConcurrent: 100 }).settled();
    await growth.look();
  }
  expect(pool.journal.nextSeq).toBeGreaterThan(5 * pool.journal.size);
  // 65,536 events of 33 bytes.
  expect(growth.most).toBeLessThan(6);
  expect([...pool.journal][0]?.type).toMatch(/^task/);
});

/** Everything that can be done to a pool, and then a flush. */
async function doRound(pool: TaskPool, round: number): Promise<void> {
  const fail = () => Promise.reject(new Error('no'));
  const signal = new AbortController();
  const off = pool.on('task.ended', () => {});
  const options = { numConcurrent: 10, endCallback: () => {} };
  const group = pool.map(async (item) => item, upTo(500), { ...options, signal: signal.signal });
  const results = group.results();
  for await (const { i } of pool.map(async (item) => item, upTo(500), options)) if (i > 100) break;
  await results;
  for (let i = 0; i < 100; i += 1) void pool.apply(async () => i).results();
  pool.map(fail, upTo(20), { groupName: `failing ${round}` });
  await pool.map(fail, upTo(20)).settled();
  const waiting = pool.apply(untilAborted, [], { num: 20, cancelCallback: () => {} });
  await turn();
  pool.task([...waiting.ids][0] as number).actor.getSnapshot();
  pool.cancel(...waiting.ids);
  pool.apply(untilAborted, [], { num: 20 });
  await pool.untilSizeBelow(10);
  pool.poolSize = 10 + (round % 5);
  pool.cancelAll(`round ${round}`);
  await pool.untilIdle();
  off();
  pool.snapshot();
  await pool.flush({ returnExceptions: true });
}

test.each<PoolOptions>([{ retain: 'all' }, { retain: 'none' }, { retain: 5 }])(
  'a pool that is used for long and flushed does not grow: $retain',
  async (options) => {
    const growth = new Growth();
    const pool = taskPool({ ...options, poolSize: 10, journal: { size: 4096 } });
    // What is compiled and cached, and the journal, are there after some rounds.
    for (let round = 0; round < 10; round += 1) await doRound(pool, round);
    await growth.begin();
    for (let round = 0; round < 30; round += 1) {
      await doRound(pool, round);
      await growth.look();
    }
    expect(pool.totals.created).toBeGreaterThan(30 * 700);
    expect(growth.slope).toBeLessThan(0.01);
  },
);

test('a simple pool that starts and stops for long does not grow', async () => {
  const growth = new Growth();
  const pool = simplePool(untilAborted, [], { retain: 'none', journal: { size: 1000 } });
  for (let round = -10; round < 20; round += 1) {
    if (round === 0) await growth.begin();
    for (let i = 0; i < 10; i += 1) {
      pool.start(20);
      await turn();
      pool.stop(20);
      await pool.untilIdle();
    }
    if (round >= 0) await growth.look();
  }
  expect(pool.totals.cancelled).toBe(6000);
  expect(growth.slope).toBeLessThan(0.01);
});
