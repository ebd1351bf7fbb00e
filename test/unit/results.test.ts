import { describe, expect, test } from 'vitest';
import { ResultsNotRetained } from 'xstate-taskpool';
import { collect, isPending, rejectionOf, Stage } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

const bad = new Error('bad');

describe('results', () => {
  test('are in the order of the input, whatever comes first', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    await turn();
    await stage.finish(3);
    await stage.finish(1);
    expect(await isPending(group.results())).toBe(true);
    await stage.finish(2);
    expect(await group.results()).toEqual([1, 2, 3]);
  });

  test('may be asked for again, early and late', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1, 2]);
    const early = group.results();
    expect(await early).toEqual([1, 2]);
    expect(await group.results()).toEqual([1, 2]);
    expect(await group.settled()).toHaveLength(2);
    expect(await collect(group)).toEqual([1, 2]);
  });

  test.each(['all', 'none'] as const)(
    'are in an array of each one who asks, retain %s',
    async (retain) => {
      const pool = taskPool({ retain });
      const group = pool.map((n: number) => n, [1, 2]);
      const [one, two] = [group.results(), group.results()];
      const [ones, twos] = [group.settled(), group.settled()];
      (await one).push(3);
      (await ones).pop();
      expect(await two).toEqual([1, 2]);
      expect(await twos).toHaveLength(2);
      await pool.gatherAndClose();
      (await group.results()).length = 0;
      (await group.settled()).length = 0;
      expect(await group.results()).toEqual([1, 2]);
      expect(await group.settled()).toHaveLength(2);
    },
  );

  test('of no items are none, also with a signal that was aborted', async () => {
    const group = taskPool().map((n: number) => n, [], { signal: AbortSignal.abort() });
    expect(await group.results()).toEqual([]);
  });

  test('reject on the first failure, before the others have ended', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    const results = group.results();
    await turn();
    await stage.fail(2, bad);
    expect(await rejectionOf(results)).toBe(bad);
    expect(pool.numRunning).toBe(2);
    await stage.fail(1, new Error('later'));
    await stage.finish(3);
    expect(await rejectionOf(group.results())).toBe(bad);
    await expect(pool.gatherAndClose()).rejects.toThrow('later');
  });

  test('reject with the first failure though it is noticed by one who cancels the rest', async () => {
    const pool = taskPool({ poolSize: 1 });
    pool.on('task.ended', ({ outcome }) => {
      if (outcome === 'rejected') pool.cancelAll('the others');
    });
    const group = pool.map(() => Promise.reject(bad), [1, 2], { numConcurrent: 2 });
    expect(await rejectionOf(group.results())).toBe(bad);
    expect(await group.settled()).toEqual([
      { status: 'rejected', id: 0, index: 0, reason: bad },
      { status: 'cancelled', id: 1, index: 1, reason: 'the others' },
    ]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('reject with the reason of a cancellation', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    await turn();
    group.cancel('why');
    expect(await rejectionOf(group.results())).toBe('why');
  });

  test('of a group that was cancelled before it was complete reject with the reason, at once', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3]);
    const results = group.results();
    await turn();
    group.cancel('why');
    expect(await rejectionOf(results)).toBe('why');
    expect(pool.numRunning).toBe(1);
    expect(await isPending(group.settled())).toBe(true);
    await stage.finish(1);
    expect(await group.settled()).toEqual([{ status: 'fulfilled', id: 0, index: 0, value: 1 }]);
  });

  test('of many tasks are all there', async () => {
    const numbers = Array.from({ length: 10_000 }, (_, n) => n);
    const pool = taskPool({ poolSize: 50 });
    const group = pool.map(async (n: number) => n * 2, numbers, { numConcurrent: 50 });
    expect(await group.results()).toEqual(numbers.map((n) => n * 2));
  });

  test('keep the values that are nothing', async () => {
    const pool = taskPool();
    const results = pool.map((value: unknown) => value, [undefined, null, 0, '']).results();
    expect(await results).toStrictEqual([undefined, null, 0, '']);
  });

  test('asked for by a subscriber while the last task ends come all the same', async () => {
    const pool = taskPool();
    const asked: Promise<unknown>[] = [];
    const group = pool.map((n: number) => (n === 2 ? Promise.reject(bad) : n), [1, 2]);
    pool.on('task.ended', ({ id }) => {
      if (id === 1)
        asked.push(group.settled(), rejectionOf(group.results()), rejectionOf(collect(group)));
    });
    await pool.untilIdle();
    expect(await asked[0]).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected' }]);
    expect(await asked[1]).toBe(bad);
    expect(await asked[2]).toBe(bad);
  });
});

describe('settled', () => {
  test('says of each task how it ended, in the order of the input', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
    await turn();
    await stage.finish(3);
    await stage.fail(1, bad);
    pool.cancel([1], 'why');
    await stage.fail(2, 'why');
    expect(await group.settled()).toStrictEqual([
      { status: 'rejected', id: 0, index: 0, reason: bad },
      { status: 'cancelled', id: 1, index: 1, reason: 'why' },
      { status: 'fulfilled', id: 2, index: 2, value: 3 },
    ]);
  });

  test('resolves when all have ended, not before', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const settled = pool.map(stage.work, [1, 2]).settled();
    await stage.fail(1, bad);
    expect(await isPending(settled)).toBe(true);
    await stage.finish(2);
    expect(await settled).toHaveLength(2);
  });
});

describe('what results take away from later calls', () => {
  test('nothing: the records stay until they are forgotten', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1]);
    await group.results();
    expect(pool.numEnded).toBe(1);
    await pool.flush();
    expect(await group.results()).toEqual([1]);
    expect(await rejectionOf(group.settled())).toBeInstanceOf(ResultsNotRetained);
  });

  test('after closing, what was not asked for before is gone', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1]);
    await pool.gatherAndClose();
    expect(await rejectionOf(group.results())).toBeInstanceOf(ResultsNotRetained);
    await expect(collect(group)).rejects.toThrow(ResultsNotRetained);
  });

  test('asked for before closing they come after it', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1, 2]);
    const results = group.results();
    await pool.gatherAndClose();
    expect(await results).toEqual([1, 2]);
  });
});
