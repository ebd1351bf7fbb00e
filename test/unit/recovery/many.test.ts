/** What a recovered pool does with a great many tasks. Actors that nobody looks at would only cost. */

import { expect, test } from 'vitest';
import type { EventStore, JournalStore, TaskPool } from 'xstate-taskpool';
import { recoverSimpleTaskPool, recoverTaskPool } from 'xstate-taskpool/recovery';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { processorTime, staysBelow } from '../../support/cost.ts';
import { leftBy, leftWithQueued, resume } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { actors, Log, taskPool } from '../../support/pools.ts';
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
  // Where each task looks at all the others, one of ten times as many costs ten times as much.
  await staysBelow(3, 'times as much for each of ten times as many', async () => {
    const few = await costOf(400, body);
    return (await costOf(4_000, body)) / few;
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

/** What a pool left that died with so many submissions waiting. */
async function leftWithSubmitted(count: number): Promise<JournalStore> {
  // Long ago: those with a limit in time are late when another process takes them back.
  const clock = new SimulatedClock(1e12);
  const pool = taskPool({ functions: { work }, poolSize: 0, clock });
  for (let n = 0; n < count; n++) {
    const some = n % 3 === 0 ? { priority: n % 7, waitTimeout: 1 } : { unique: `key ${n}` };
    void pool.submit(work, [n] as never, some).catch(() => {});
  }
  await pool.untilDurable();
  const { store } = storeOver({ kept: await leftBy(pool) });
  pool.cancelAll();
  return store;
}

test('many submissions are taken back with turns of the event loop in between, and nothing runs before', async () => {
  const store = await leftWithSubmitted(2_400);
  const seen: string[] = [];
  let turns = 0;
  let turnsToRead = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const read: EventStore['read'] = async function* (range) {
    yield* store.read(range);
    turnsToRead = turns;
  };
  const pool = await resume(
    { ...store, read },
    { functions: { work: () => void seen.push('function') } },
  );
  isOver = true;
  expect(turns - turnsToRead).toBeGreaterThanOrEqual(3);
  expect(pool.numPending).toBe(2_400);
  pool.on('*', ({ type }) => seen.push(type));
  pool.poolSize = 1;
  await pool.untilIdle();
  expect(seen[0]).toBe('pool.resized');
  expect(seen.filter((type) => type === 'function')).toHaveLength(1_600);
  await pool.gatherAndClose({ returnExceptions: true });
});

test('a store that fails while they are taken back makes the recovery fail with its error', async () => {
  const store = await leftWithSubmitted(2_400);
  const failing = new AbortController();
  const read: EventStore['read'] = async function* (range) {
    yield* store.read(range);
    setImmediate(() => failing.abort(new Error('the disk is gone')));
  };
  const { signal: failed } = failing;
  const resumed = resume({ ...store, failed, read }, { functions: { work } });
  await expect(resumed).rejects.toThrow('the disk is gone');
});
