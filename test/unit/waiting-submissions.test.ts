/** Submissions that are no tasks yet are listed one by one. */

import { expect, test } from 'vitest';
import { type TaskPool, waitingSubmissions } from 'xstate-taskpool';
import { Gate, taskPool, turn } from '../support/pools.ts';

const indices = (pool: TaskPool, limit?: number) =>
  waitingSubmissions(pool, 'subs', limit).submissions.map(({ index }) => index);

async function busyPool(): Promise<{ pool: TaskPool; held: Gate }> {
  const pool = taskPool({ poolSize: 1 });
  const held = new Gate();
  void pool.submit(() => held.promise, [], { groupName: 'subs' });
  await turn();
  return { pool, held };
}

test('in the order in which they are next, as many as one asks for', async () => {
  const { pool, held } = await busyPool();
  const work = async () => {};
  const calls = [undefined, undefined, 5, undefined, -1, 3].map((priority) =>
    pool.submit(work, [], {
      groupName: 'subs',
      ...(priority === undefined ? {} : { priority }),
    }),
  );
  // The one with the highest priority is a task that is queued.
  await turn();
  const { total, submissions } = waitingSubmissions(pool, 'subs');
  expect(total).toBe(5);
  expect(submissions[1]).toStrictEqual({ index: 1, priority: 0, isHeld: false });
  expect(indices(pool)).toEqual([6, 1, 2, 4, 5]);
  expect(indices(pool, 2)).toEqual([6, 1]);
  const priorities = waitingSubmissions(pool, 'subs').submissions.map(({ priority }) => priority);
  expect(priorities).toEqual([3, 0, 0, 0, -1]);
  held.resolve();
  await Promise.all(calls);
  expect(waitingSubmissions(pool, 'subs')).toEqual({ total: 0, submissions: [] });
});

test('what waits for its key comes last', async () => {
  const pool = taskPool({ poolSize: 1 });
  const held = new Gate();
  const options = { groupName: 'subs', unique: 'k' };
  const first = pool.submit(() => held.promise, [], options);
  await turn();
  const second = pool.submit(async () => {}, [], { ...options, onDuplicate: 'replace' });
  const others = [1, 2].map(() => pool.submit(async () => {}, [], { groupName: 'subs' }));
  await turn();
  const { submissions } = waitingSubmissions(pool, 'subs');
  expect(submissions.at(-1)).toEqual({ index: 1, key: 'k', priority: 0, isHeld: true });
  expect(submissions.filter(({ isHeld }) => isHeld)).toHaveLength(1);
  held.resolve();
  await Promise.allSettled([first, second, ...others]);
});

test('other groups have none, and bad input is refused', async () => {
  const pool = taskPool();
  pool.map(async () => {}, [1, 2], { groupName: 'mapped' });
  expect(waitingSubmissions(pool, 'mapped')).toEqual({ total: 0, submissions: [] });
  expect(() => waitingSubmissions(pool, 'none')).toThrow("'none'");
  expect(() => waitingSubmissions(pool, 'mapped', 0)).toThrow('limit');
  await pool.gatherAndClose();
});

test('a priority that changes back and forth leaves a submission in one place', async () => {
  const { pool, held } = await busyPool();
  const started: string[] = [];
  const submit = (key: string, priority: number) =>
    pool.submit(() => started.push(key), [], { groupName: 'subs', unique: key, priority });
  const calls = [submit('head', 9), submit('one', 5), submit('two', 6)];
  await turn();
  for (let change = 0; change < 2_000; change++) {
    pool.setPriority('one', 7);
    pool.setPriority('one', 5);
  }
  expect(waitingSubmissions(pool, 'subs').total).toBe(2);
  expect(indices(pool)).toEqual([3, 2]);
  pool.setPriority('one', 7);
  expect(indices(pool)).toEqual([2, 3]);
  held.resolve();
  await Promise.all(calls);
  expect(started).toEqual(['head', 'one', 'two']);
});
