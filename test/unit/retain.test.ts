import { describe, expect, test } from 'vitest';
import {
  type PoolOptions,
  ResultsNotRetained,
  type Retain,
  replay,
  TaskGroupNotFound,
  TaskNotFound,
} from 'xstate-taskpool';
import { collect, rejectionOf, Stage } from '../support/observing.ts';
import { taskPool, turn } from '../support/pools.ts';

const bad = new Error('bad');
const work = (n: number) => (n === 2 ? Promise.reject(bad) : n);

/** Runs three tasks, the second of which fails, and gives the pool once they have ended. */
async function ended(retain: Retain) {
  const pool = taskPool({ retain });
  const group = pool.map(work, [1, 2, 3], { groupName: 'mine' });
  await pool.untilIdle();
  return { pool, group };
}

describe('retain', () => {
  test.each<[Retain, number[]]>([
    ['all', [0, 1, 2]],
    ['errors', [1]],
    ['none', []],
    [0, []],
    [1, [2]],
    [2, [1, 2]],
    [3, [0, 1, 2]],
    [100, [0, 1, 2]],
  ])('%s remembers %o', async (retain, ids) => {
    const { pool, group } = await ended(retain);
    expect(pool.snapshot().tasks.map(({ id }) => id)).toEqual(ids);
    expect(pool.numEnded).toBe(ids.length);
    expect([...group.ids]).toEqual(ids);
    for (const id of [0, 1, 2]) {
      if (ids.includes(id)) expect(pool.task(id).id).toBe(id);
      else expect(() => pool.task(id)).toThrow(TaskNotFound);
    }
    expect(pool.totals).toMatchObject({ created: 3, fulfilled: 2, rejected: 1 });
    expect(group.progress).toEqual({ created: 3, ended: 3, planned: 3 });
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test.each<[Retain, boolean]>([
    ['all', true],
    [3, true],
    [2, false],
    ['errors', false],
    ['none', false],
  ])('%s: asking late for results is possible: %s', async (retain, possible) => {
    const pool = taskPool({ retain });
    const group = pool.map((n: number) => n, [1, 2, 3], { groupName: 'mine' });
    await pool.untilIdle();
    if (possible) expect(await group.results()).toEqual([1, 2, 3]);
    else {
      expect(await rejectionOf(group.results())).toBeInstanceOf(ResultsNotRetained);
      expect(await rejectionOf(group.settled())).toBeInstanceOf(ResultsNotRetained);
      expect(await rejectionOf(collect(group))).toBeInstanceOf(ResultsNotRetained);
    }
  });

  test.each<Retain>(['all', 'errors', 'none', 0, 1])(
    '%s: results asked for before the first task ended come',
    async (retain) => {
      const stage = new Stage();
      const pool = taskPool({ retain });
      const group = pool.map(stage.work, [1, 2], { numConcurrent: 2 });
      await turn();
      const asked = Promise.all([group.results(), group.settled(), collect(group)]);
      await stage.finish(2);
      await stage.finish(1);
      expect(await asked).toEqual([
        [1, 2],
        [
          { status: 'fulfilled', id: 0, index: 0, value: 1 },
          { status: 'fulfilled', id: 1, index: 1, value: 2 },
        ],
        [2, 1],
      ]);
      expect(await group.results()).toEqual([1, 2]);
    },
  );

  test('errors: a group of failures can still be asked', async () => {
    const pool = taskPool({ retain: 'errors' });
    const group = pool.map(() => Promise.reject(bad), [1, 2]);
    await pool.untilIdle();
    expect(await rejectionOf(group.results())).toBe(bad);
    expect(await group.settled()).toHaveLength(2);
  });

  test('a number counts over all groups, and the oldest end goes first', async () => {
    const stage = new Stage();
    const pool = taskPool({ retain: 2 });
    pool.map(stage.work, [1, 2], { numConcurrent: 2 });
    pool.map(stage.work, [3]);
    await turn();
    for (const n of [2, 1, 3]) await stage.finish(n);
    expect(pool.snapshot().tasks.map(({ id }) => id).length).toBe(2);
    expect(pool.numEnded).toBe(2);
  });
});

describe('a group is forgotten', () => {
  test.each<Retain>(['none', 'errors', 0])('%s: with its last task', async (retain) => {
    const pool = taskPool({ retain });
    const group = pool.map((n: number) => n, [1, 2], { groupName: 'mine' });
    expect(pool.getGroupIds('mine').size).toBe(0);
    await pool.untilIdle();
    expect(() => pool.getGroupIds('mine')).toThrow(TaskGroupNotFound);
    expect(pool.snapshot().groups).toEqual([]);
    expect(pool.apply(() => 1, [], { groupName: 'mine' }).name).toBe('mine');
    expect(group.name).toBe('mine');
  });

  test('all: with flush, unless it still has something to do', async () => {
    const stage = new Stage();
    const pool = taskPool();
    pool.map((n: number) => n, [1], { groupName: 'done' });
    pool.map((n: number) => n, [], { groupName: 'empty' });
    pool.map(stage.work, [1, 2], { groupName: 'busy' });
    await turn();
    await stage.finish(1);
    await pool.flush();
    expect(pool.snapshot().groups.map(({ name }) => name)).toEqual(['busy']);
    expect([...pool.getGroupIds('busy')]).toEqual([2]);
    await stage.finish(2);
    await pool.flush();
    expect(pool.snapshot()).toMatchObject({ groups: [], tasks: [] });
  });

  test('none: not while its source may give another task', async () => {
    const stage = new Stage();
    const pool = taskPool({ retain: 'none' });
    const group = pool.map(stage.work, [1, 2].values(), { groupName: 'mine' });
    await stage.finish(1);
    expect(pool.getGroupIds('mine').size).toBe(1);
    group.pause();
    await stage.finish(2);
    group.resume();
    await pool.untilIdle();
    expect(() => pool.getGroupIds('mine')).toThrow(TaskGroupNotFound);
  });
});

test('a long run keeps no more than it was told', async () => {
  const options: PoolOptions = { retain: 5, poolSize: 3 };
  const pool = taskPool(options);
  pool.map((n: number) => n, Array(1000).keys(), { numConcurrent: 3 });
  await pool.untilIdle();
  expect(pool.snapshot().tasks).toHaveLength(5);
  expect(pool.totals.fulfilled).toBe(1000);
});
