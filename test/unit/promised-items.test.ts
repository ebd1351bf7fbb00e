/** Items that are promises. Vitest fails the run for any rejection that is left unhandled. */

import { describe, expect, test } from 'vitest';
import { NotStorable } from 'xstate-taskpool';
import { eventsOf } from '../support/observing.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

const no = new Error('no');
const double = async (n: number) => 2 * n;

/** An object with a `then` that counts how often it is asked. */
function lazily(value: unknown) {
  const asked = { times: 0 };
  const then = (resolve: (value: unknown) => void) => {
    asked.times++;
    resolve(value);
  };
  return { asked, item: Object.defineProperty({}, 'then', { value: then }) };
}

describe('an item that is a promise is awaited', () => {
  test('by map, in the order of the slots', async () => {
    const pool = taskPool();
    const items = [
      Promise.resolve(1),
      2,
      new Promise<number>((resolve) => setImmediate(resolve, 3)),
    ];
    expect(await pool.map(double, items, { numConcurrent: 2 }).results()).toEqual([2, 4, 6]);
  });

  test('by starmap and doublestarmap', async () => {
    const pool = taskPool();
    const add = (a: number, b: number) => a + b;
    expect(await pool.starmap(add, [Promise.resolve([1, 2] as const)]).results()).toEqual([3]);
    const named = ({ n }: { n: number }) => n;
    expect(await pool.doublestarmap(named, [Promise.resolve({ n: 4 })]).results()).toEqual([4]);
  });

  test('from sources of every kind', async () => {
    const pool = taskPool();
    const asyncItems = {
      [Symbol.asyncIterator]: () => {
        const left = [1, 2];
        return {
          next: async () => ({
            done: left.length === 0,
            value: Promise.resolve(left.shift() ?? 0),
          }),
        };
      },
    };
    function* generated() {
      yield Promise.resolve(3);
    }
    expect(await pool.map(double, asyncItems).results()).toEqual([2, 4]);
    expect(await pool.map(double, generated()).results()).toEqual([6]);
    expect(await pool.map(double, new Set([Promise.resolve(4)])).results()).toEqual([8]);
  });

  test('holding the slot of its task', async () => {
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate<number>();
    const group = pool.map(double, [gate.promise, 5]);
    await turn();
    expect(pool).toMatchObject({ numRunning: 1, numQueued: 1 });
    gate.resolve(4);
    expect(await group.results()).toEqual([8, 10]);
  });

  test('not before its task has a slot, if to ask is what starts it', async () => {
    const pool = taskPool({ poolSize: 0 });
    const { asked, item } = lazily(1);
    const group = pool.map(double as never, [item]);
    await turn();
    expect([pool.numQueued, asked.times]).toEqual([1, 0]);
    pool.poolSize = 1;
    expect(await group.results()).toEqual([2]);
    expect(asked.times).toBe(1);
  });
});

describe('an item that rejects', () => {
  test('is a rejected task, whose function is not called', async () => {
    const pool = taskPool();
    const calls: number[] = [];
    const group = pool.map((n: number) => calls.push(n), [Promise.reject(no), Promise.resolve(2)]);
    expect(await group.settled()).toMatchObject([
      { status: 'rejected', reason: no },
      { status: 'fulfilled' },
    ]);
    expect(calls).toEqual([2]);
    expect(eventsOf(pool, 'task.ended')[0]).toMatchObject({ error: { message: 'no' } });
  });

  test.each<[string, () => Iterable<Promise<number>>]>([
    ['an array', () => [1, 2, 3].map(() => Promise.reject(no))],
    ['a set', () => new Set([1, 2, 3].map(() => Promise.reject(no)))],
    [
      'a generator',
      function* () {
        for (const _ of [1, 2, 3]) yield Promise.reject(no);
      },
    ],
  ])('is no unhandled rejection while it waits, in %s', async (_, make) => {
    const pool = taskPool({ poolSize: 0 });
    const waiting = pool.map(double, make());
    const paused = pool.map(double, make());
    paused.pause();
    const cancelled = pool.map(double, make());
    await turn();
    await turn();
    cancelled.cancel('enough');
    paused.resume();
    pool.poolSize = 1;
    for (const group of [waiting, paused]) {
      expect(await group.settled()).toMatchObject(
        Array(3).fill({ status: 'rejected', reason: no }),
      );
    }
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('is none where an async source gives it too late', async () => {
    const pool = taskPool();
    const gate = new Gate();
    const next = async () => {
      await gate.promise;
      return { done: false, value: Promise.reject(no) };
    };
    const group = pool.map(double, { [Symbol.asyncIterator]: () => ({ next }) });
    await turn();
    group.cancel();
    gate.resolve();
    await pool.gatherAndClose();
    await turn();
  });
});

describe('a task whose item is pending', () => {
  test.each(['task', 'group', 'pool'])('is cancelled at once with its %s', async (what) => {
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate<number>();
    const calls: number[] = [];
    const group = pool.map((n: number) => calls.push(n), [gate.promise, 2]);
    await turn();
    if (what === 'task') pool.cancel([0], no);
    else if (what === 'group') group.cancel(no);
    else pool.cancelAll(no);
    const [first] = await group.settled();
    expect(first).toMatchObject({ status: 'cancelled', reason: no });
    gate.reject(new Error('late'));
    await pool.gatherAndClose({ returnExceptions: true });
    expect(calls).toEqual(what === 'task' ? [2] : []);
  });

  test('is not called if it is cancelled in the moment in which the item is there', async () => {
    const pool = taskPool();
    const gate = new Gate<number>();
    const calls: number[] = [];
    const group = pool.map((n: number) => calls.push(n), [gate.promise]);
    await turn();
    gate.resolve(1);
    await gate.promise;
    group.cancel(no);
    expect(await group.settled()).toMatchObject([{ status: 'cancelled', reason: no }]);
    expect(calls).toEqual([]);
  });

  test('is not waited for if it is cancelled as it starts', async () => {
    const pool = taskPool();
    pool.on('task.started', ({ id }) => pool.cancel([id], no));
    const group = pool.map(double, [new Promise<number>(() => {})]);
    expect(await group.settled()).toMatchObject([{ status: 'cancelled', reason: no }]);
  });
});

describe('a promise cannot be stored', () => {
  test('so that a call with an array of them is refused', () => {
    const pool = taskPool({ functions: { double } });
    expect(() => pool.map(double, [Promise.resolve(1)])).toThrow(NotStorable);
    expect(pool.totals.created).toBe(0);
  });

  test('and a source that gives one fails, whatever becomes of the promise', async () => {
    const pool = taskPool({ functions: { double } });
    function* source() {
      yield 1;
      yield Promise.reject(new Error('dropped'));
    }
    const group = pool.map(double, source());
    await expect(group.results()).rejects.toThrow(NotStorable);
    await turn();
    await expect(pool.gatherAndClose({ returnExceptions: true })).resolves.toEqual([]);
  });
});
