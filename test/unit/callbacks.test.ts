import { describe, expect, test, vi } from 'vitest';
import type { GroupOptions, TaskPool } from 'xstate-taskpool';
import { eventsOf, isPending, rejectionOf } from '../support/observing.ts';
import { Gate, Log, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

/** Callbacks that note what they were called with, and what the pool looked like then. */
function noting(pool: () => TaskPool) {
  const calls: [callback: string, id: number, state: string][] = [];
  const note = (name: string) => (id: number) => {
    calls.push([name, id, pool().task(id).state]);
  };
  return { calls, options: { endCallback: note('end'), cancelCallback: note('cancel') } };
}

describe('callbacks', () => {
  test('get the id; the end callback is called once for every outcome', async () => {
    const pool: TaskPool = taskPool({ poolSize: 2 });
    const { calls, options } = noting(() => pool);
    const work = (n: number, context: { signal: AbortSignal }) =>
      [() => n, () => Promise.reject(new Error('bad')), () => untilAborted(context)][n]?.();
    pool.map(work, [0, 1, 2, 2], { ...options, numConcurrent: 4 });
    await turn();
    pool.cancel(2, 3);
    await pool.untilIdle();
    expect(calls).toEqual([
      ['end', 0, 'ended'],
      ['end', 1, 'ended'],
      ['cancel', 2, 'cancelled'],
      ['cancel', 3, 'cancelled'],
      ['end', 2, 'ended'],
      ['end', 3, 'ended'],
    ]);
  });

  test('of a queued task that is cancelled are called too', async () => {
    const pool: TaskPool = taskPool({ poolSize: 0 });
    const { calls, options } = noting(() => pool);
    pool.apply(() => 1, [], options);
    pool.cancel(0);
    expect(calls).toEqual([]);
    await pool.untilIdle();
    expect(calls).toEqual([
      ['cancel', 0, 'cancelled'],
      ['end', 0, 'ended'],
    ]);
  });

  test('see a slot that is still held on cancel, and free at the end', async () => {
    const running: [string, number, boolean][] = [];
    const pool = taskPool({ poolSize: 1 });
    const see = (name: string) => () => void running.push([name, pool.numRunning, pool.isFull]);
    pool.apply(untilAborted, [], { cancelCallback: see('cancel'), endCallback: see('end') });
    await turn();
    pool.cancel(0);
    await pool.untilIdle();
    expect(running).toEqual([
      ['cancel', 0, true],
      ['end', 0, false],
    ]);
  });

  test('that take long hold the slot on cancel, and hold nothing at the end', async () => {
    const cancel = new Gate();
    const end = new Gate();
    const pool = taskPool({ poolSize: 1 });
    const options = { cancelCallback: () => cancel.promise, endCallback: () => end.promise };
    pool.apply(untilAborted, [], options);
    const next = pool.apply(() => 'next');
    await turn();
    pool.cancel(0);
    expect(await isPending(next.results())).toBe(true);
    cancel.resolve();
    expect(await next.results()).toEqual(['next']);
    expect(await isPending(pool.untilIdle())).toBe(true);
    end.resolve();
    await pool.untilIdle();
  });

  test('may call the pool', async () => {
    const pool = taskPool({ poolSize: 1 });
    const more: number[] = [];
    const endCallback = (id: number) => {
      if (id < 3) pool.apply((n: number) => void more.push(n), [id], { endCallback });
    };
    pool.apply(() => {}, [], { endCallback });
    await pool.untilIdle();
    expect(more).toEqual([0, 1, 2]);
  });

  test('belong to the options of a SimpleTaskPool as well', async () => {
    const endCallback = vi.fn();
    const cancelCallback = vi.fn();
    const pool = simplePool(untilAborted, [], { endCallback, cancelCallback });
    pool.start(3);
    await turn();
    pool.stop(1);
    await turn();
    expect(cancelCallback.mock.calls).toEqual([[2]]);
    expect(endCallback.mock.calls).toEqual([[2]]);
    pool.stopAll();
    await pool.gatherAndClose();
    expect(endCallback).toHaveBeenCalledTimes(3);
  });
});

describe('a callback that throws', () => {
  const bad = new Error('bad callback');
  test.each<[string, () => unknown]>([
    ['synchronously', () => throwing(bad)],
    ['later', () => turn().then(() => throwing(bad))],
  ])('%s is an event and a line in the log, never the error of the task', async (_when, fail) => {
    const logger = new Log();
    const pool = taskPool({ logger });
    const group = pool.apply(() => 1, [], { endCallback: fail });
    expect(await group.results()).toEqual([1]);
    await pool.untilIdle();
    expect(eventsOf(pool, 'callback.failed')).toEqual([
      {
        type: 'callback.failed',
        id: 0,
        callback: 'end',
        error: { name: 'Error', message: 'bad callback' },
      },
    ]);
    expect(logger.lines).toEqual([['the end callback of task 0 threw', bad]]);
    expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([]);
    expect(pool.totals).toMatchObject({ fulfilled: 1, rejected: 0 });
  });

  test('on cancel does not keep the task from ending, nor the end callback', async () => {
    const ended: number[] = [];
    const pool = taskPool();
    const options: GroupOptions = {
      cancelCallback: () => throwing(bad),
      endCallback: (id) => ended.push(id),
    };
    const group = pool.apply(untilAborted, [], options);
    await turn();
    pool.cancel([0], 'why');
    expect(await rejectionOf(group.results())).toBe('why');
    await pool.gatherAndClose();
    expect(ended).toEqual([0]);
    expect(eventsOf(pool, 'callback.failed')).toMatchObject([{ callback: 'cancel', id: 0 }]);
  });

  test('to a logger that throws does not keep the pool from closing', async () => {
    const fail = () => throwing(new Error('bad logger'));
    const pool = taskPool({ logger: { info: fail, error: fail } });
    pool.apply(() => 1, [], { endCallback: () => throwing(bad) });
    pool.apply(untilAborted, [], { cancelCallback: () => throwing(bad), groupName: 'mine' });
    await turn();
    pool.cancelGroup('mine');
    await pool.gatherAndClose();
    expect(pool.isClosed).toBe(true);
    expect(eventsOf(pool, 'callback.failed')).toHaveLength(2);
  });
});

test('flush waits for the callbacks under way, and for no function', async () => {
  const callback = new Gate();
  const pool = taskPool();
  pool.apply(() => 1, [], { endCallback: () => callback.promise });
  pool.apply(untilAborted, [], { groupName: 'endless' });
  await turn();
  const flushed = pool.flush();
  expect(await isPending(flushed)).toBe(true);
  expect(pool.numEnded).toBe(1);
  callback.resolve();
  expect(await flushed).toEqual([]);
  expect(pool).toMatchObject({ numEnded: 0, numRunning: 1 });
  pool.cancelAll();
});

test('flush waits for the end callback that follows a cancel callback under way', async () => {
  const cancel = new Gate();
  const end = new Gate();
  const pool = taskPool({ poolSize: 0 });
  const options = { cancelCallback: () => cancel.promise, endCallback: () => end.promise };
  pool.apply(() => 1, [], options);
  pool.cancel(0);
  const flushed = pool.flush();
  cancel.resolve();
  expect(await isPending(flushed)).toBe(true);
  end.resolve();
  await flushed;
  expect(pool.numEnded).toBe(0);
});

function throwing(error: unknown): never {
  throw error;
}
