/** What a recovered pool does with a great many tasks. Actors that nobody looks at would only cost. */

import { expect, test } from 'vitest';
import type { TaskPool } from 'xstate-taskpool';
import { recoverSimpleTaskPool, recoverTaskPool } from 'xstate-taskpool/recovery';
import { processorTime, staysBelow } from '../../support/cost.ts';
import { leftWithQueued } from '../../support/lives.ts';
import { actors, Log } from '../../support/pools.ts';
import { MORE_THAN_FITS, nearEndOfStack } from '../../support/stack.ts';

const isEager = actors === 'eager';
const work = async () => {};
const options = { functions: { work }, logger: new Log() };

test('stopAll stops more waiting tasks than a call may have arguments', async () => {
  const num = MORE_THAN_FITS;
  const store = leftWithQueued('SimpleTaskPool', num);
  const pool = await recoverSimpleTaskPool(store, work, [], { ...options, poolSize: 0 });
  const stopped = nearEndOfStack(() => pool.stopAll());
  expect(stopped).toHaveLength(num);
  expect([stopped[0], stopped.at(-1)]).toEqual([num - 1, 0]);
  await pool.gatherAndClose();
  expect(pool.totals).toMatchObject({ created: num, cancelled: num, started: 0 });
});

/** Microseconds of processor time for each of `count` recovered tasks. */
async function costOf(count: number, body: (pool: TaskPool) => unknown): Promise<number> {
  const store = leftWithQueued('TaskPool', count);
  const pool = await recoverTaskPool(store, { ...options, poolSize: 0 });
  const cost = await processorTime(() => body(pool));
  await pool.gatherAndClose();
  return cost / count;
}

test.skipIf(isEager).for([
  ['cancelling its group', (pool: TaskPool) => pool.cancelGroup('big')],
  ['cancelling everything', (pool: TaskPool) => pool.cancelAll()],
  [
    'cancelling by ids, the last one first',
    (pool: TaskPool) => pool.cancel([...pool.getGroupIds('big')].reverse()),
  ],
  [
    'running them',
    (pool: TaskPool) => {
      pool.poolSize = 100;
      return pool.gatherAndClose();
    },
  ],
] as const)('%s costs a recovered task the same however many there are', async ([, body]) => {
  await costOf(400, body);
  // Where each task looks at all the others, one of twenty times as many costs twenty times as much.
  await staysBelow(6, 'times as much for each of twenty times as many', async () => {
    const few = await costOf(400, body);
    return (await costOf(8_000, body)) / few;
  });
});

test('a checkpoint of many tasks is taken in with turns of the event loop in between', async () => {
  const store = leftWithQueued('TaskPool', 5_000);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const pool = await recoverTaskPool(store, { ...options, poolSize: 0 });
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(pool.numQueued).toBe(5_000);
  pool.cancelAll();
  await pool.gatherAndClose();
});
