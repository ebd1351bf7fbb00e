import { describe, expect, test } from 'vitest';
import { eventsOf, isPending, Stage } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

describe('poolSize', () => {
  test('limits what runs at once, over all groups', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 2 });
    pool.map(stage.work, [1, 2], { numConcurrent: 2 });
    pool.map(stage.work, [3, 4], { numConcurrent: 2 });
    await turn();
    expect([...stage.running]).toEqual([1, 3]);
    await stage.finish(1);
    expect([...stage.running]).toEqual([3, 2]);
    await stage.finish(2, 3, 4);
    expect(stage.peak).toBe(2);
  });

  test('0 starts nothing, and everything waits', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 0 });
    const group = pool.map(stage.work, [1, 2]);
    await turn();
    expect(stage.started).toEqual([]);
    expect(pool).toMatchObject({ isFull: true, numQueued: 1, numRunning: 0 });
    expect(await isPending(pool.untilIdle())).toBe(true);

    pool.poolSize = 1;
    await stage.finish(1, 2);
    expect(await group.results()).toEqual([1, 2]);
  });

  test('Infinity starts everything that groups allow', async () => {
    const pool = taskPool();
    pool.apply(untilAborted, [], { num: 1000 });
    await turn();
    expect(pool).toMatchObject({ numRunning: 1000, numQueued: 0, isFull: false });
  });

  test('reads back what was set', () => {
    const pool = taskPool({ poolSize: 3 });
    for (const size of [5, 0, Infinity, 3]) {
      pool.poolSize = size;
      expect(pool.poolSize).toBe(size);
    }
  });

  test('that did not change is no event', () => {
    const pool = taskPool({ poolSize: 3 });
    pool.poolSize = 3;
    pool.poolSize = Infinity;
    pool.poolSize = Infinity;
    expect(eventsOf(pool, 'pool.resized')).toEqual([{ type: 'pool.resized', poolSize: null }]);
  });
});

describe('growing', () => {
  test('starts waiting tasks at once, in promise jobs', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, [1, 2, 3, 4], { numConcurrent: 4 });
    await turn();
    pool.poolSize = 3;
    expect(stage.started).toEqual([1]);
    // One job for the turn, and one for the async context of the call.
    await Promise.resolve();
    await Promise.resolve();
    expect(stage.started).toEqual([1, 2, 3]);
    expect(pool.isFull).toBe(true);
  });
});

describe('shrinking', () => {
  test('stops nothing: the surplus drains', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 3 });
    const group = pool.map(stage.work, [1, 2, 3, 4, 5], { numConcurrent: 5 });
    await turn();
    pool.poolSize = 1;
    await turn();
    expect([...stage.running]).toEqual([1, 2, 3]);
    expect(pool.isFull).toBe(true);

    await stage.finish(1);
    await stage.finish(2);
    expect([...stage.running]).toEqual([3]);
    await stage.finish(3);
    expect([...stage.running]).toEqual([4]);
    await stage.finish(4, 5);
    expect(await group.results()).toEqual([1, 2, 3, 4, 5]);
  });

  test('to 0 lets what runs end, and nothing else start', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 2 });
    pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    await turn();
    pool.poolSize = 0;
    await stage.finish(1, 2);
    expect([...stage.running]).toEqual([]);
    expect(pool).toMatchObject({ numRunning: 0, numQueued: 1 });
  });

  test('and growing in one turn is as if only the last size had been set', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    await turn();
    pool.poolSize = 3;
    pool.poolSize = 2;
    await turn();
    expect([...stage.running]).toEqual([1, 2]);
  });
});

test('a cancelled task that still unwinds counts', async () => {
  const stage = new Stage();
  const pool = taskPool({ poolSize: 1 });
  pool.map(stage.work, [1, 2], { numConcurrent: 2 });
  await turn();
  pool.cancel(0);
  await turn();
  expect(pool).toMatchObject({ numRunning: 1, isFull: true });
  expect(stage.started).toEqual([1]);
  await stage.finish(1);
  expect(stage.started).toEqual([1, 2]);
});
