/** What a task costs does not depend on how much of anything else there is. */

import { expect, test } from 'vitest';
import type { TaskPool } from 'xstate-taskpool';
import { processorTime, staysBelow } from '../support/cost.ts';
import { isLong } from '../support/length.ts';
import { taskPool, turn } from '../support/pools.ts';

const TASKS = 2_000;
const work = async () => {};

/** Microseconds of processor time for some tasks of a pool that was prepared. */
async function costOf(prepare: (pool: TaskPool) => unknown): Promise<number> {
  // The last task has to wait, so that the pool is idle only at the end.
  const pool = taskPool({ poolSize: 1 });
  const group = pool.apply(work, [], { num: TASKS });
  group.pause();
  await turn();
  prepare(pool);
  return processorTime(() => {
    group.resume();
    return pool.gatherAndClose();
  });
}

const repeat = (times: number, call: () => unknown) => {
  for (let i = 0; i < times; i++) void call();
};

test.each<[string, (pool: TaskPool) => unknown]>([
  ['wait for the pool to be idle', (pool) => pool.untilIdle()],
  ['wait for it to be closed', (pool) => pool.untilClosed()],
  ['wait for room', (pool) => pool.untilSizeBelow(1)],
  ['wait for an open group to end', (pool) => pool.apply(work)[Symbol.asyncDispose]()],
])('however many %s', async (_, wait) => {
  await costOf(() => {});
  const alone = await costOf((pool) => repeat(1, () => wait(pool)));
  const many = await costOf((pool) => repeat(10_000, () => wait(pool)));
  // What the waiting itself costs comes once. Ten thousand looks at each of the tasks cost a second.
  expect(many).toBeLessThan(10 * alone + 600_000);
});

test('however many wait for room, each for a size of its own', async () => {
  const num = 10_000;
  const costOfSizes = async (sizes: number) => {
    const pool = taskPool({ poolSize: 1, retain: 'none' });
    const reached: number[] = [];
    pool.apply(work, [], { num });
    for (let n = 1; n <= sizes; n++) void pool.untilSizeBelow(n).then(() => reached.push(n));
    const cost = await processorTime(() => pool.gatherAndClose());
    expect(reached).toEqual(Array.from({ length: sizes }, (_, n) => sizes - n));
    return cost;
  };
  await costOfSizes(1);
  const one = await costOfSizes(1);
  // A look at each of them for each task would take seconds.
  expect(await costOfSizes(num)).toBeLessThan(10 * one + 600_000);
});

test.each<[string, (pool: TaskPool) => () => void]>([
  ['subscribe to an event', (pool) => pool.on('task.ended', () => {})],
  ['subscribe to all events', (pool) => pool.on('*', () => {})],
  ['wrap each attempt', (pool) => pool.around((_, run) => run())],
])(
  'however many %s, and leave in the order in which they came or the reverse',
  async (_, enter) => {
    const pool = taskPool();
    const costOfAll = (count: number) =>
      processorTime(() => {
        for (const leave of Array.from({ length: count }, () => enter(pool))) leave();
        for (const leave of Array.from({ length: count }, () => enter(pool)).reverse()) leave();
      });
    await costOfAll(500);
    // In a list that each searches for its own place it would be sixteen times as much.
    await staysBelow(9, 'times as much for four times as many', async () => {
      const few = await costOfAll(2_500);
      return (await costOfAll(10_000)) / few;
    });
    await pool.gatherAndClose();
  },
);

test('results may be asked for by more handles than calls can be nested', async () => {
  const pool = taskPool();
  const { name } = pool.apply(async () => 'value', [], { num: 2 });
  const all = Array.from({ length: 20_000 }, () => pool.group(name).results());
  await pool.gatherAndClose();
  expect(await all.at(-1)).toEqual(['value', 'value']);
  expect(await Promise.all(all)).toHaveLength(20_000);
});

test('groups are told of in the order in which they were made, whoever chose their names', async () => {
  const pool = taskPool();
  const names = [undefined, 'z', 'a', undefined, 'b', undefined].map(
    (groupName) => pool.apply(work, [], groupName === undefined ? {} : { groupName }).name,
  );
  pool.cancelGroup('a');
  const told = pool.snapshot().groups.map(({ name }) => name);
  expect(told).toEqual(names.filter((name) => name !== 'a'));
  await pool.gatherAndClose();
});

test('cancelAll leaves alone what is made meanwhile', async () => {
  const pool = taskPool();
  let made = 0;
  pool.on('group.cancelled', () => {
    if (made++ < 3) pool.apply(work, [], { groupName: `next ${made}` });
  });
  pool.apply(work);
  pool.cancelAll();
  await pool.gatherAndClose();
  expect(made).toBe(1);
  expect(pool.totals).toMatchObject({ created: 2, cancelled: 1, fulfilled: 1 });
});

test('the tasks of a name are those of all groups that had it, in order', async () => {
  const pool = taskPool();
  const make = () => pool.apply(work, [], { groupName: 'mine', num: 2 });
  make();
  await turn();
  pool.apply(work, [], { groupName: 'other' });
  await turn();
  pool.cancelGroup('mine');
  make();
  await turn();
  const idsOf = (filter: object) => pool.snapshot({ tasks: filter }).tasks.map(({ id }) => id);
  expect(idsOf({ group: 'mine' })).toEqual([0, 1, 3, 4]);
  expect(idsOf({ group: 'mine', last: 3 })).toEqual([1, 3, 4]);
  expect(idsOf({ last: 2 })).toEqual([3, 4]);
  expect(idsOf({ last: 0 })).toEqual([]);
  expect(idsOf({ state: 'ended', last: 1 })).toEqual([4]);
  expect(idsOf({ state: 'running' })).toEqual([]);
  await pool.flush();
  expect(idsOf({ group: 'mine' })).toEqual([]);
});

/** Microseconds of processor time for submissions that all wait before the first is run. */
async function costOfWaiting(count: number, priorityOf?: () => number): Promise<number> {
  const pool = taskPool({ poolSize: 1, retain: 'none' });
  return processorTime(() => {
    pool.pause();
    for (let n = 0; n < count; n++) {
      void pool.submit(work, [], priorityOf === undefined ? {} : { priority: priorityOf() });
    }
    pool.resume();
    return pool.gatherAndClose();
  });
}

test('submissions that wait with random priorities cost no more than three times as much as those without', async () => {
  const count = isLong ? 1_000_000 : 5_000;
  const random = () => Math.floor(Math.random() * 1_000);
  await costOfWaiting(2_000, random);
  // A search through all that wait would cost hundreds of times as much.
  const ratio = await staysBelow(isLong ? 3 : 6, 'times as much', async () => {
    const plain = await costOfWaiting(count);
    return (await costOfWaiting(count, random)) / plain;
  });
  console.info(`priorities: ${ratio.toFixed(2)}× at ${count} that wait`);
}, 600_000);

const pass = () => new Promise((resolve) => setImmediate(resolve));

/** Microseconds of processor time for tasks that all run at once, as soon as the pool has room for them. */
async function costOfWide(tasks: number, isLater: boolean): Promise<number> {
  const pool = taskPool({ poolSize: 1, retain: 'none' });
  return processorTime(async () => {
    const group = pool.map(pass, Array.from({ length: tasks }));
    if (isLater) await pass();
    pool.poolSize = tasks;
    await group.settled();
  });
}

test('tasks for which a pool was enlarged later cost no more than those that start with it', async () => {
  await costOfWide(2_000, true);
  await staysBelow(3, 'times as much', async () => {
    const early = await costOfWide(40_000, false);
    return (await costOfWide(40_000, true)) / early;
  });
});
