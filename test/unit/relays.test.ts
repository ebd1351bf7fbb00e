/**
 * A slot that goes straight from a task that has settled to the next one of its group: nothing shows it but the time
 * it takes. So the looks at the clock are counted, of which it takes one for both tasks, and else three.
 */

import { describe, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { leftBy, resume } from '../support/lives.ts';
import { taskPool, turn } from '../support/pools.ts';

const COUNT = 300;
const ITEMS = Array.from({ length: COUNT }, (_, n) => n);
const same = async (n: number) => n;
/** Besides those for each task. */
const OTHER_LOOKS = 40;

/** A clock that stands still, and how often it was looked at. */
function counting() {
  const looks = { count: 0 };
  const clock = {
    now: () => {
      looks.count++;
      return 0;
    },
    setTimeout: (fn: () => void, ms: number) => setTimeout(fn, ms),
    clearTimeout: (id: unknown) => clearTimeout(id as NodeJS.Timeout),
  };
  return { clock, looks };
}

describe('a slot passes straight on', () => {
  test.each([
    ['in a group that has all that it may have', { numConcurrent: 2 }],
    ['where tasks may be tried again', { numConcurrent: 2, retry: { limit: 2 } }],
    ['with a key that all tasks of the group need', { numConcurrent: 2, limits: { host: 'a' } }],
  ])('%s', async (_, options) => {
    const { clock, looks } = counting();
    const pool = new TaskPool({ clock, poolSize: 5, limits: { host: { concurrent: 2 } } });
    expect(await pool.map(same, ITEMS, options).results()).toEqual(ITEMS);
    expect(looks.count).toBeGreaterThanOrEqual(COUNT);
    expect(looks.count).toBeLessThan(COUNT + OTHER_LOOKS);
    await pool.gatherAndClose();
  });

  test('to tasks that were interrupted, one after the other', async () => {
    const functions = { same: () => new Promise(() => {}) };
    const before = taskPool({ functions });
    before.map(functions.same, ITEMS, { groupName: 'left', numConcurrent: COUNT });
    await turn();
    expect(before.numRunning).toBe(COUNT);
    const { clock, looks } = counting();
    const left = await leftBy(before);
    const pool = await resume(left, { functions: { same }, clock, poolSize: 5, actors: 'lazy' });
    const looksBefore = looks.count;
    expect(await pool.group('left').results()).toEqual(ITEMS);
    expect(looks.count - looksBefore).toBeLessThan(COUNT + OTHER_LOOKS);
    await pool.gatherAndClose();
  });

  test('to the first in line at a key, with another look for its start', async () => {
    const { clock, looks } = counting();
    const pool = new TaskPool({ clock, poolSize: 5, limits: { host: { concurrent: 1 } } });
    const limits = { host: (n: number) => n % 2 };
    expect(await pool.map(same, ITEMS, { numConcurrent: 4, limits }).results()).toEqual(ITEMS);
    expect(looks.count).toBeLessThan(2 * COUNT + OTHER_LOOKS);
    await pool.gatherAndClose();
  });

  test('in each of two groups that fill the pool', async () => {
    const { clock, looks } = counting();
    const pool = new TaskPool({ clock, poolSize: 4 });
    const groups = [1, 2].map(() => pool.map(same, ITEMS, { numConcurrent: 2 }));
    for (const group of groups) expect(await group.results()).toEqual(ITEMS);
    expect(looks.count).toBeLessThan(2 * COUNT + OTHER_LOOKS);
    await pool.gatherAndClose();
  });
});

test.each([false, true])(
  'a slot does not pass on while first() decides, beside results(): %s',
  async (beside) => {
    const pool = new TaskPool({ poolSize: 5 });
    const group = pool.map(same, ITEMS, { numConcurrent: 2 });
    const results = beside ? group.results().catch(String) : undefined;
    expect(await group.first()).toBe(0);
    await results;
    await pool.untilIdle();
    expect(pool.totals.started).toBe(2);
  },
);

test('a slot does not pass straight on once its group was paused', async () => {
  const pool = new TaskPool({ poolSize: 5 });
  const group = pool.map(
    async (n: number) => {
      if (n === 10) group.pause();
      return n;
    },
    ITEMS,
    { numConcurrent: 2 },
  );
  await expect.poll(() => group.isPaused && pool.numRunning === 0).toBe(true);
  expect(pool.totals.fulfilled).toBeLessThan(13);
  group.resume();
  expect(await group.results()).toEqual(ITEMS);
  await pool.gatherAndClose();
});
