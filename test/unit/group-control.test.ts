import { describe, expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import { eventsOf, isPending, Stage } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

describe('numConcurrent', () => {
  test('limits what a group runs at once; the default is one', async () => {
    const one = new Stage();
    const two = new Stage();
    const pool = taskPool();
    const first = pool.map(one.work, [1, 2, 3]);
    const second = pool.map(two.work, [1, 2, 3], { numConcurrent: 2 });
    await turn();
    expect([first.numConcurrent, second.numConcurrent]).toEqual([1, 2]);
    expect([first.numRunning, second.numRunning]).toEqual([1, 2]);
    for (const n of [1, 2, 3]) {
      await one.finish(n);
      await two.finish(n);
    }
    expect([one.peak, two.peak]).toEqual([1, 2]);
    expect([first.numRunning, second.numRunning]).toEqual([0, 0]);
  });

  test('of apply is without limit', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted, [], { num: 5 });
    expect(group.numConcurrent).toBe(Infinity);
    await turn();
    expect(group.numRunning).toBe(5);
    group.cancel();
  });

  test('may grow while the group runs: more start in promise jobs', async () => {
    const stage = new Stage();
    const group = taskPool().map(stage.work, [1, 2, 3, 4, 5]);
    await turn();
    group.numConcurrent = 3;
    expect(group.numConcurrent).toBe(3);
    expect(stage.started).toEqual([1]);
    // One job for the turn, and one for the async context of the call.
    await Promise.resolve();
    await Promise.resolve();
    expect(stage.started).toEqual([1, 2, 3]);
    group.numConcurrent = Infinity;
    await turn();
    expect(stage.started).toEqual([1, 2, 3, 4, 5]);
  });

  test('may shrink while the group runs: the surplus drains', async () => {
    const stage = new Stage();
    const group = taskPool().map(stage.work, [1, 2, 3, 4, 5], { numConcurrent: 3 });
    await turn();
    group.numConcurrent = 1;
    await stage.finish(1);
    await stage.finish(2);
    expect([...stage.running]).toEqual([3]);
    await stage.finish(3);
    expect([...stage.running]).toEqual([4]);
  });

  test('may shrink below what waits for a slot: it waits for its group', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 2 });
    await turn();
    group.numConcurrent = 1;
    pool.poolSize = 5;
    await turn();
    expect([...stage.running]).toEqual([1]);
    await stage.finish(1);
    expect([...stage.running]).toEqual([2]);
    await stage.finish(2, 3);
    expect(await group.results()).toEqual([1, 2, 3]);
  });

  test('is recorded when it changes', async () => {
    const pool = taskPool();
    const group = pool.map(untilAborted, [1, 2], { groupName: 'mine' });
    group.numConcurrent = 1;
    group.numConcurrent = 2;
    group.numConcurrent = Infinity;
    expect(eventsOf(pool, 'group.resized')).toEqual([
      { type: 'group.resized', group: 'mine', numConcurrent: 2 },
      { type: 'group.resized', group: 'mine', numConcurrent: null },
    ]);
    expect(pool.snapshot().groups[0]?.numConcurrent).toBe(null);
    group.cancel();
  });
});

describe('pause', () => {
  test('keeps further tasks from starting; what runs continues', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3]);
    await turn();
    group.pause();
    expect(group.isPaused).toBe(true);
    await stage.finish(1);
    expect(stage.started).toEqual([1]);
    expect(await isPending(pool.untilIdle())).toBe(true);

    group.resume();
    expect(group.isPaused).toBe(false);
    await turn();
    expect([...stage.running]).toEqual([2]);
    await stage.finish(2, 3);
    expect(await group.results()).toEqual([1, 2, 3]);
  });

  test('keeps a task from starting that waits for a slot already', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, [1]);
    const waiting = pool.map(stage.work, [2]);
    const other = pool.map(stage.work, [3]);
    await turn();
    waiting.pause();
    await stage.finish(1);
    expect([...stage.running]).toEqual([3]);
    waiting.resume();
    await stage.finish(3);
    expect([...stage.running]).toEqual([2]);
    await stage.finish(2);
    expect(await other.results()).toEqual([3]);
  });

  test('leaves other groups, cancelling and results alone', async () => {
    const pool = taskPool();
    const paused = pool.map((n: number) => n, [1, 2]);
    paused.pause();
    expect(await pool.map((n: number) => n, [3]).results()).toEqual([3]);
    paused.cancel('why');
    expect(await paused.settled()).toEqual([]);
    await pool.gatherAndClose();
  });

  test('twice is once, and so is resume', () => {
    const pool = taskPool({ poolSize: 0 });
    const group = pool.map((n: number) => n, [1], { groupName: 'mine' });
    group.resume();
    group.pause();
    group.pause();
    expect(pool.snapshot().groups[0]?.paused).toBe(true);
    group.resume();
    group.resume();
    expect(eventsOf(pool, 'group.paused', 'group.resumed')).toEqual([
      { type: 'group.paused', group: 'mine' },
      { type: 'group.resumed', group: 'mine' },
    ]);
  });
});

describe('a group that was cancelled, or has ended, is not changed any more', () => {
  test.each<['cancelled' | 'ended' | 'forgotten' | 'closed']>([
    ['cancelled'],
    ['ended'],
    ['forgotten'],
    ['closed'],
  ])('%s', async (how) => {
    const stage = new Stage();
    const pool = taskPool({ retain: how === 'forgotten' ? 'none' : 'all' });
    const group = pool.map(stage.work, [1, 2], { groupName: 'mine' });
    await turn();
    group.pause();
    if (how === 'cancelled') group.cancel();
    else {
      group.resume();
      await stage.finish(1, 2);
    }
    if (how === 'closed') await pool.gatherAndClose();
    const { seq } = pool.snapshot();
    group.resume();
    group.pause();
    group.resume();
    group.numConcurrent = 7;
    expect(replay(pool.journal)).toEqual(pool.snapshot());
    if (how === 'ended') return;
    expect(pool.snapshot().seq).toBe(seq);
    await stage.finish(1);
    await pool.gatherAndClose();
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('nor is one that took over its name', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const old = pool.map(stage.work, [1, 2], { groupName: 'mine' });
    await turn();
    old.cancel();
    const young = pool.map(stage.work, [3, 4], { groupName: 'mine' });
    await turn();
    old.pause();
    old.numConcurrent = 5;
    expect(pool.snapshot().groups).toMatchObject([{ paused: false, numConcurrent: 1 }]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
    expect(young.isPaused).toBe(false);
    await stage.finish(1, 3, 4);
  });
});

test('progress follows the group to its end', async () => {
  const stage = new Stage();
  const group = taskPool().map(stage.work, [1, 2, 3], { numConcurrent: 2 });
  expect(group.progress).toEqual({ created: 0, ended: 0, planned: 3 });
  await turn();
  expect(group.progress).toEqual({ created: 2, ended: 0, planned: 3 });
  await stage.finish(1);
  expect(group.progress).toEqual({ created: 3, ended: 1, planned: 3 });
  await stage.finish(2, 3);
  expect(group.progress).toEqual({ created: 3, ended: 3, planned: 3 });
});

describe('progress.planned', () => {
  test('follows an array that grows or shrinks while it is read', async () => {
    const pool = taskPool();
    const items = [1, 2, 3];
    const group = pool.map((n: number) => n, items);
    expect(group.progress.planned).toBe(3);
    items.push(4, 5);
    expect(group.progress.planned).toBe(5);
    items.length = 2;
    expect(group.progress.planned).toBe(2);
    expect(await group.results()).toEqual([1, 2]);
    expect(group.progress).toEqual({ created: 2, ended: 2, planned: 2 });
    items.push(6);
    expect(group.progress.planned).toBe(2);
  });

  test('says of a set that has changed how many there were, once all have come', async () => {
    const pool = taskPool();
    const items = new Set([1, 2]);
    const group = pool.map((n: number) => items.size < 4 && items.add(n + 2), items);
    await group.results();
    expect(group.progress).toEqual({ created: 4, ended: 4, planned: 4 });
  });

  test('values of items that were added are missing after a cancel', async () => {
    // Returns although it is cancelled, so that its own value is there.
    const ended = (signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const pool = taskPool();
    const items = [1];
    const group = pool.map((_: number, { signal }) => ended(signal), items);
    await turn();
    items.push(2);
    group.cancel('no more');
    await expect(group.results()).rejects.toBe('no more');
  });
});
