/** No method runs a function, an iterator or a callback of the user's before it has returned. */

import { describe, expect, test } from 'vitest';
import type { TaskPool } from 'xstate-taskpool';
import { simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

/** Everything that a user can pass and that is run, each noting that it was. */
function noting() {
  const ran: string[] = [];
  const note =
    <T>(what: string, value: T) =>
    (): T => {
      ran.push(what);
      return value;
    };
  const items: Iterable<number> = {
    [Symbol.iterator]: () => {
      ran.push('iterator');
      return { next: note('next', { done: false, value: 1 }), return: note('return', RETURNED) };
    },
  };
  const asyncItems: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => {
      ran.push('async iterator');
      const next = note('async next', Promise.resolve({ done: false, value: 1 } as const));
      return { next, return: note('async return', Promise.resolve(RETURNED)) };
    },
  };
  const options = { endCallback: note('end', 0), cancelCallback: note('cancel', 0) };
  return { ran, fn: note('function', 1), items, asyncItems, options };
}

const RETURNED = { done: true, value: undefined } as const;
type Noting = ReturnType<typeof noting>;

describe('nothing of the user runs inside', () => {
  test.each<[string, (pool: TaskPool, user: Noting) => unknown]>([
    ['apply', (pool, { fn, options }) => pool.apply(fn, [], { num: 3, ...options })],
    ['map', (pool, { fn, items, options }) => pool.map(fn, items, options)],
    ['map, async', (pool, { fn, asyncItems, options }) => pool.map(fn, asyncItems, options)],
    ['starmap', (pool, { fn }) => pool.starmap(fn, [[]])],
    ['doublestarmap', (pool, { fn }) => pool.doublestarmap(fn, [{}])],
  ])('%s', async (_method, call) => {
    const user = noting();
    const pool = taskPool({ poolSize: 2 });
    const result = call(pool, user);
    expect(user.ran).toEqual([]);
    expect(result).not.toHaveProperty('then');
    await Promise.resolve();
    expect(user.ran).not.toEqual([]);
    pool.cancelAll();
  });

  test('start', async () => {
    const user = noting();
    const pool = simplePool(user.fn, [], user.options);
    const group = pool.start(2);
    expect(user.ran).toEqual([]);
    expect(group).not.toHaveProperty('then');
    await pool.untilIdle();
    expect(user.ran).toEqual(['function', 'function', 'end', 'end']);
  });

  test('the setters of poolSize and numConcurrent, unlock and resume', async () => {
    const user = noting();
    const pool = taskPool({ poolSize: 0 });
    const group = pool.map(user.fn, user.items);
    group.pause();
    await turn();
    group.numConcurrent = 2;
    pool.poolSize = 4;
    pool.lock();
    pool.unlock();
    group.resume();
    expect(user.ran).toEqual([]);
    group.cancel();
  });

  test.each<[string, (pool: TaskPool, name: string) => unknown]>([
    ['cancel', (pool) => pool.cancel(0)],
    ['cancelGroup', (pool, name) => pool.cancelGroup(name)],
    ['cancelAll', (pool) => pool.cancelAll()],
    ['gatherAndClose', (pool) => pool.gatherAndClose({ signal: AbortSignal.abort() })],
  ])('%s: neither callbacks nor the end of an iterator', async (_method, call) => {
    const user = noting();
    const pool = taskPool({ poolSize: 1 });
    const group = pool.map(untilAborted, user.items, user.options);
    pool.apply(untilAborted, [], user.options);
    await turn();
    user.ran.length = 0;
    call(pool, group.name);
    expect(user.ran).toEqual([]);
    pool.cancelAll();
    expect(user.ran).toEqual([]);
    await turn();
    expect(user.ran).toContain('return');
  });
});

test('a task starts in the microtask after the call', async () => {
  const order: string[] = [];
  const pool = taskPool();
  pool.apply(() => void order.push('task'));
  order.push('call');
  await Promise.resolve();
  order.push('microtask');
  expect(order).toEqual(['call', 'task', 'microtask']);
});

test('a group is not thenable: awaiting it waits for nothing', async () => {
  const group = taskPool({ poolSize: 0 }).apply(() => 1);
  expect(await group).toBe(group);
  expect('then' in group).toBe(false);
});

test('results asked for at the call come, whatever is retained', async () => {
  const pool = taskPool({ retain: 'none' });
  expect(await pool.apply(() => 1).results()).toEqual([1]);
});
