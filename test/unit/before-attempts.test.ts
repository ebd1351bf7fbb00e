/** `beforeAttempts` calls back before each attempt, whatever the callback does. */

import { expect, test } from 'vitest';
import { beforeAttempts } from 'xstate-taskpool';
import { taskPool } from '../support/pools.ts';

test('a callback that throws is logged, and no task is affected', async () => {
  const logged: unknown[] = [];
  const logger = { info: () => {}, error: (...data: unknown[]) => void logged.push(data) };
  const pool = taskPool({ poolSize: 1, logger });
  const error = new Error('of the callback');
  const end = beforeAttempts(pool, () => {
    throw error;
  });
  const group = pool.map(async (item: number) => item, [1, 2, 3]);
  expect(await group.results()).toEqual([1, 2, 3]);
  end();
  const before = logged.length;
  expect(logged[0]).toEqual(['a callback before an attempt failed', error]);
  await pool.submit(async () => {});
  expect(logged).toHaveLength(before);
  await pool.gatherAndClose();
});
