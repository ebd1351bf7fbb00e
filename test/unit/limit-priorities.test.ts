/** Priorities at keys that are open, where others wait for a slot already. */

import { expect, test } from 'vitest';
import { taskPool, turn } from '../support/pools.ts';

/** A pool whose only slot is in use; what waits for another one at its key is `first`, then `second`. */
async function poolWithOpenKey() {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const work = (item: string) => {
    started.push(item);
    return new Promise<void>((resolve) => finish.set(item, resolve));
  };
  const pool = taskPool({
    poolSize: 1,
    limits: { host: { concurrent: 1 }, user: { concurrent: 1 } },
  });
  const submit = (item: string, options: object = {}) =>
    void pool.submit(work, [item], { groupName: 'submitted', ...options });

  submit('busy');
  submit('unimportant', { priority: -1 });
  await turn();
  pool.map(work, ['holds the key'], { numConcurrent: 1, limits: { host: 'a' } });
  await turn();
  finish.get('busy')?.();
  await turn();
  pool.map(work, ['keeps the slot'], { groupName: 'slot' });
  pool.map(work, ['first'], { limits: { host: 'a' } });
  await turn();
  const second = pool.map(work, ['second'], { limits: { host: 'a' } });
  await turn();
  finish.get('holds the key')?.();
  await turn();
  expect(started).toEqual(['busy', 'holds the key', 'keeps the slot']);
  return { pool, second, submit, started };
}

test.each([
  ['the same keys', { host: 'a' }],
  ['more keys', { host: 'a', user: 'b' }],
])(
  'a task that is more important starts first, though others of its group with %s wait at the key',
  async (_, limits) => {
    const { pool, second, submit, started } = await poolWithOpenKey();
    submit('waits at the key', { limits: { host: 'a' } });
    await turn();
    second.cancel();
    await turn();
    submit('important', { priority: 1, limits });
    await turn();

    pool.poolSize = 2;
    await turn();
    expect(started.at(-1)).toBe('important');
    pool.cancelAll();
  },
);
