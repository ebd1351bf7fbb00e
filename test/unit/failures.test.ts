import { describe, expect, test } from 'vitest';
import { collect, rejectionOf } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

const errors = [1, 2, 3].map((n) => new Error(`failure ${n}`));
const fail = (n: number) => Promise.reject(errors[n]);

describe('an unhandled failure', () => {
  test('is raised by gatherAndClose as itself, once the pool is closed', async () => {
    const pool = taskPool();
    pool.map(fail, [1]);
    expect(await rejectionOf(pool.gatherAndClose())).toBe(errors[1]);
    expect(pool.isClosed).toBe(true);
  });

  test('with others is raised as an AggregateError, in the order in which they came', async () => {
    const pool = taskPool();
    pool.map(fail, [2, 0, 1]);
    const error = (await rejectionOf(pool.gatherAndClose())) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors).toEqual([errors[2], errors[0], errors[1]]);
    expect(error.message).toBe('3 unhandled failures');
    expect(pool.isClosed).toBe(true);
  });

  test('is returned on request', async () => {
    const pool = taskPool();
    pool.map(fail, [0, 1]);
    expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([errors[0], errors[1]]);
  });

  test('that is an AggregateError itself stays one error', async () => {
    const own = new AggregateError(errors, 'mine');
    const pool = taskPool();
    pool.apply(() => Promise.reject(own));
    await turn();
    expect(await pool.flush({ returnExceptions: true })).toEqual([own]);
    pool.apply(() => Promise.reject(own));
    expect(await rejectionOf(pool.gatherAndClose())).toBe(own);
  });

  test('may be nothing at all', async () => {
    const pool = taskPool();
    pool.apply(() => Promise.reject(undefined));
    await turn();
    expect(await pool.flush({ returnExceptions: true })).toEqual([undefined]);
    pool.apply(() => Promise.reject(undefined));
    expect(await rejectionOf(pool.gatherAndClose())).toBe(undefined);
  });

  test('is raised by flush, and then not again', async () => {
    const pool = taskPool();
    pool.map(fail, [0]);
    await turn();
    expect(await rejectionOf(pool.flush())).toBe(errors[0]);
    expect(await pool.flush()).toEqual([]);
    expect(pool.numEnded).toBe(0);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('flush resolves with nothing while all is well', async () => {
    const pool = taskPool();
    pool.apply(() => 1);
    await turn();
    expect(await pool.flush()).toEqual([]);
    expect(await pool.flush({ returnExceptions: true })).toEqual([]);
    await pool.gatherAndClose();
    expect(await pool.flush()).toEqual([]);
  });

  test.each(['none', 0, 1, 10] as const)('is kept though nothing is: %s', async (retain) => {
    const pool = taskPool({ retain });
    pool.map(fail, [0, 1]);
    const error = (await rejectionOf(pool.gatherAndClose())) as AggregateError;
    expect(error.errors).toEqual([errors[0], errors[1]]);
  });

  test('is one of a thousand that are kept when nothing is retained; the rest are counted', async () => {
    const all = Array.from({ length: 1_100 }, (_, n) => new Error(String(n)));
    const failing = (error: Error) => Promise.reject(error);
    const pool = taskPool({ retain: 'none' });
    pool.map(failing, all);
    const error = (await rejectionOf(pool.gatherAndClose())) as AggregateError;
    expect(error.errors).toEqual(all.slice(0, 1_000));
    expect(error.message).toBe('1100 unhandled failures, of which the first 1000 were kept');

    const returning = taskPool({ retain: 'none' });
    returning.map(failing, all);
    const returned = await returning.gatherAndClose({ returnExceptions: true });
    expect(returned.slice(0, -1)).toEqual(all.slice(0, 1_000));
    expect(String(returned.at(-1))).toBe('Error: 100 more unhandled failures were not kept');

    const keeping = taskPool({ retain: 'errors' });
    keeping.map(failing, all);
    expect(await keeping.gatherAndClose({ returnExceptions: true })).toEqual(all);
  });
});

describe('a failure that somebody asked for is not raised again', () => {
  test('by results', async () => {
    const pool = taskPool();
    expect(await rejectionOf(pool.map(fail, [0]).results())).toBe(errors[0]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('by results, but the others are: those it did not reject with', async () => {
    const pool = taskPool();
    const group = pool.map(fail, [0, 1]);
    expect(await rejectionOf(group.results())).toBe(errors[0]);
    expect(await rejectionOf(pool.gatherAndClose())).toBe(errors[1]);
  });

  test('by settled, all of them', async () => {
    const pool = taskPool();
    const group = pool.map(fail, [0, 1, 2]);
    expect((await group.settled()).map((r) => r.status !== 'fulfilled' && r.reason)).toEqual(
      errors,
    );
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('by any of them that comes late', async () => {
    const pool = taskPool();
    const groups = [0, 1, 2].map((n) => pool.map(fail, [n]));
    await pool.untilIdle();
    await rejectionOf(groups[0]?.results() as Promise<unknown>);
    await groups[1]?.settled();
    await rejectionOf(collect(groups[2] as (typeof groups)[0]));
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('by settled, but what stopped the source is', async () => {
    const source = (function* () {
      yield 0;
      throw errors[2];
    })();
    const pool = taskPool();
    expect(await pool.map(fail, source).settled()).toHaveLength(1);
    expect(await rejectionOf(pool.gatherAndClose())).toBe(errors[2]);
  });
});

test('a cancellation is no failure', async () => {
  const pool = taskPool();
  pool.apply(untilAborted, [], { num: 3 });
  pool.map(untilAborted, [1, 2]);
  await turn();
  pool.cancelAll(errors[0]);
  expect(await pool.gatherAndClose()).toEqual([]);
  expect(pool.totals.cancelled).toBe(4);
});

test('results that nobody awaits yet are no unhandled rejection', async () => {
  const others = process.listeners('unhandledRejection');
  const unhandled: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => void unhandled.push(error));
  try {
    const pool = taskPool();
    const group = pool.map(fail, [0]);
    const asked = group.results();
    pool.map(fail, [1]);
    const cancelled = pool.map(untilAborted, [1]).results();
    await turn();
    pool.cancelAll('over');
    await turn();
    await turn();
    expect(unhandled).toEqual([]);
    expect(await rejectionOf(asked)).toBe(errors[0]);
    expect(await rejectionOf(cancelled)).toBe('over');
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
});
