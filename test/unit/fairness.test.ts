/** A long run of quick functions leaves timers, I/O and signals a turn. */

import { stat } from 'node:fs';
import { expect, test } from 'vitest';
import { Queue } from '../../src/index.ts';
import { turnIfDue, untilQuiet } from '../../src/kit/fairness.ts';
import { taskPool } from '../support/pools.ts';

function* endless(): Generator<number> {
  for (let n = 0; ; n++) yield n;
}

test('a timer, a file and a signal get in while an endless source feeds a function that never waits', async () => {
  const pool = taskPool({ retain: 'none' });
  const controller = new AbortController();
  const came: string[] = [];
  const comes = (what: string): void => {
    if (came.push(what) === 3) controller.abort();
  };
  const { signal } = controller;
  const group = pool.map(async (n: number) => n, endless(), { numConcurrent: 10, signal });
  setTimeout(comes, 1, 'timer');
  stat(import.meta.filename, () => comes('file'));
  AbortSignal.timeout(1).addEventListener('abort', () => comes('signal'));
  await group[Symbol.asyncDispose]();
  expect(came.sort()).toEqual(['file', 'signal', 'timer']);
});

test('no run lasts longer than 10,000 settlements or, of functions that take longer, some 20 ms', async () => {
  const pool = taskPool({ retain: 'none' });
  const controller = new AbortController();
  const ran: number[] = [];
  let count = 0;
  const look = (): void => {
    if (ran.push(count) < 10) setImmediate(look);
    else controller.abort();
  };
  setImmediate(look);
  await pool
    .map(async () => count++, endless(), { numConcurrent: 3, signal: controller.signal })
    [Symbol.asyncDispose]();
  const runs = ran.slice(1).map((each, place) => each - (ran[place] as number));
  expect(Math.max(...runs)).toBeLessThanOrEqual(10_000);
});

test('a turn is a whole one: immediates are not left behind', async () => {
  await untilQuiet();
  // From the phase of timers, messages come first and immediates last.
  await new Promise((resolve) => setTimeout(resolve, 1));
  let isOver = false;
  setImmediate(() => {
    isOver = true;
  });
  let pause = turnIfDue();
  while (pause === undefined) pause = turnIfDue();
  await pause;
  expect(isOver).toBe(true);
});

test('calls that follow from the results of others leave a timer its turn', async () => {
  const pool = taskPool({ retain: 'none' });
  let isOver = false;
  setTimeout(() => {
    isOver = true;
  }, 1);
  let count = 0;
  // Ends in any case: without a turn it would go on until the memory is full.
  while (!isOver && count < 100_000) await pool.apply(async () => count++).results();
  expect(isOver).toBe(true);
});

test('items that follow from the results of others leave a timer its turn', async () => {
  const pool = taskPool({ retain: 'none' });
  const queue = new Queue<number>();
  let isOver = false;
  setTimeout(() => {
    isOver = true;
  }, 1);
  async function* items(): AsyncGenerator<number> {
    for (let n = 0; n >= 0; n = await queue.get()) yield n;
  }
  for await (const n of pool.map(async (item: number) => item, items(), { numConcurrent: 2 })) {
    queue.putNowait(isOver || n === 100_000 ? -1 : n + 1);
  }
  expect(isOver).toBe(true);
});

test('a simulated clock has no say', async () => {
  const pool = taskPool({
    retain: 'none',
    clock: { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} },
  });
  const signal = AbortSignal.timeout(20);
  const group = pool.map(async (n: number) => n, endless(), { numConcurrent: 2, signal });
  await group[Symbol.asyncDispose]();
  expect(pool.totals.fulfilled).toBeGreaterThan(0);
});
