import { describe, expect, test } from 'vitest';
import { ResultsNotRetained } from 'xstate-taskpool';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

describe('numConcurrent, when not given', () => {
  test('is no limit in a pool of finite size, which governs, also when it changes', async () => {
    const pool = taskPool({ poolSize: 3 });
    const group = pool.map(untilAborted, [...Array(10).keys()]);
    await turn();
    expect([group.numConcurrent, group.numRunning]).toEqual([Infinity, 3]);
    pool.poolSize = 5;
    await turn();
    expect(group.numRunning).toBe(5);
    pool.cancelAll();
    await pool.gatherAndClose();
  });

  test('is one in a pool without a size, so that no endless source is pulled at once', async () => {
    const pool = taskPool();
    const group = pool.map(untilAborted, [1, 2, 3]);
    await turn();
    expect([group.numConcurrent, group.numRunning]).toEqual([1, 1]);
    // Decided at the call.
    pool.poolSize = 2;
    await turn();
    expect([group.numConcurrent, group.numRunning]).toEqual([1, 1]);
    expect(pool.map(untilAborted, [1, 2, 3]).numConcurrent).toBe(Infinity);
    pool.cancelAll();
    await pool.gatherAndClose();
  });
});

describe('retain, when not given', () => {
  test('remembers the 10,000 tasks that ended last', async () => {
    const pool = taskPool({ poolSize: 100, journal: { size: 100 } });
    pool.map((n: number) => n, Array(10_050).keys(), { groupName: 'many' });
    await pool.untilIdle();
    expect([pool.numEnded, pool.totals.fulfilled]).toEqual([10_000, 10_050]);
    expect(Math.min(...pool.group('many').ids)).toBe(50);
  });

  test('does not keep anybody from the results who asked before the first end', async () => {
    const pool = taskPool({ poolSize: 100, journal: { size: 100 } });
    const items = [...Array(10_050).keys()];
    const early = pool.map((n: number) => n, items);
    const late = pool.map((n: number) => n, items);
    expect(await early.results()).toEqual(items);
    await pool.untilIdle();
    await expect(late.results()).rejects.toThrow(ResultsNotRetained);
  });
});
