import { expect, test } from 'vitest';
import {
  type Clock,
  MemoryStore,
  type PoolLimits,
  type StoreCheckpoint,
  TaskPool,
} from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { leftBy, noting } from '../../support/lives.ts';
import { Gate, Log, turn } from '../../support/pools.ts';
import { Time } from '../../support/time.ts';

const logger = new Log();
const limits = {
  api: { rate: { max: 3, per: 100 } },
  host: { concurrent: 1 },
} satisfies PoolLimits;

/** A pool that dies when three of ten tasks have started within the window. */
async function threeOfTen(time: Time, hasCheckpoint: boolean, clock: Clock = time) {
  const { work } = noting();
  const store = new MemoryStore();
  const pool = new TaskPool({ limits, clock, logger, functions: { work }, journal: store });
  pool.map(work, [...Array(10).keys()], {
    groupName: 'ten',
    numConcurrent: 10,
    limits: { api: true },
  });
  await time.advance(40);
  expect(pool.totals.started).toBe(3);
  if (hasCheckpoint) await pool.checkpoint();
  pool.limits.host.pause('a', 1000);
  await turn();
  const left = await leftBy(pool);
  const checkpoint = await store.latestCheckpoint();
  if (checkpoint !== undefined) {
    await left.checkpoint(JSON.parse(JSON.stringify(checkpoint)) as StoreCheckpoint);
  }
  return { pool, left };
}

test.each([false, true])(
  'a window goes on where the process died, with a checkpoint: %s',
  async (has) => {
    const clock = new Time();
    const { pool, left } = await threeOfTen(clock, has);
    pool.pause();
    const starts: number[] = [];
    const work = () => void starts.push(clock.now());
    const again = await recoverTaskPool(left, { functions: { work }, clock, logger });
    expect(Object.keys(again.limits)).toEqual(['api', 'host']);
    await clock.advance(500);
    // Three started at 0: the next three may at 100.
    expect(starts).toEqual([100, 100, 100, 200, 200, 200, 300]);
    await again.gatherAndClose();
  },
);

test('a wall clock that was set back between two processes makes nobody wait for longer than the window, or a pause', async () => {
  const clock = new Time();
  const { setTimeout, clearTimeout, now: monotonic } = clock;
  const ahead = { setTimeout, clearTimeout, monotonic, now: () => clock.now() + 3_600_000 };
  const { pool, left } = await threeOfTen(clock, false, ahead);
  pool.pause();
  const starts: number[] = [];
  const work = () => void starts.push(clock.now());
  const again = await recoverTaskPool(left, { functions: { work }, clock, logger });
  void again.submit(work, ['paused'], { limits: { host: 'a' } });
  await clock.advance(500);
  expect(starts).toHaveLength(7);
  // The key was paused for a second, and not for an hour more.
  await clock.advance(500);
  expect(starts).toHaveLength(8);
  await again.gatherAndClose();
});

test('limits that are given count in place of those of the journal, and a pause lasts', async () => {
  const clock = new Time();
  const { pool, left } = await threeOfTen(clock, false);
  pool.pause();
  const starts: [unknown, number][] = [];
  const work = (item: unknown) => starts.push([item, clock.now()]);
  const again = await recoverTaskPool(left, {
    functions: { work },
    clock,
    logger,
    limits: { ...limits, api: { concurrent: 2 } },
  });
  expect([again.limits.api.concurrent, again.limits.api.rate]).toEqual([2, undefined]);
  void again.submit(work, ['paused'], { limits: { host: 'a' } });
  await clock.advance(2000);
  expect(starts.slice(0, 7).map(([, at]) => at)).toEqual(Array(7).fill(40));
  expect(starts.slice(7)).toEqual([['paused', 1040]]);
  await again.gatherAndClose();
});

test('a limit that is added to those of the journal counts as they do', async () => {
  const clock = new Time();
  const { left } = await threeOfTen(clock, false);
  const gate = new Gate();
  const functions = { work: () => {}, held: () => gate.promise };
  const again = await recoverTaskPool(left, {
    ...{ functions, clock, logger },
    limits: { ...limits, disk: { concurrent: 1 } },
  });
  expect(Object.keys(again.limits)).toEqual(['api', 'host', 'disk']);
  // Of the others nothing was changed.
  const changed = [...again.journal].flatMap((e) => (e.type === 'limit.changed' ? [e.limit] : []));
  expect(changed).toEqual(['disk']);
  expect(again.limits.disk.concurrent).toBe(1);
  await clock.advance(500);
  const held = again.map(functions.held, [1, 2], { numConcurrent: 2, limits: { disk: true } });
  await turn();
  expect(held.numRunning).toBe(1);
  again.limits.disk.concurrent = 2;
  await turn();
  expect(held.numRunning).toBe(2);
  gate.resolve();
  await again.gatherAndClose();
});

test('a function that gives keys has to be given again', async () => {
  const clock = new Time();
  const work = async (item: string) => item;
  const pool = new TaskPool({
    poolSize: 1,
    limits,
    clock,
    logger,
    functions: { work },
    journal: new MemoryStore(),
  });
  // A key that is the same for all items is in the journal.
  const keys = { host: (item: string) => item, api: true } as const;
  pool.map(work, ['a', 'b', 'a'], { groupName: 'pages', limits: keys });
  pool.pause();
  await turn();
  const left = await leftBy(pool);
  const options = { functions: { work }, clock, logger };
  await expect(recoverTaskPool(left, options)).rejects.toThrow("groups['pages'].limits.host");
  const again = await recoverTaskPool(left, {
    ...options,
    groups: { pages: { limits: { host: (item: never) => `again ${item}` } } },
  });
  again.resume();
  await clock.advance(10);
  expect(again.snapshot().tasks.map(({ keys }) => keys)).toEqual([
    { host: 'a', api: true },
    { host: 'again b', api: true },
    { host: 'again a', api: true },
  ]);
  await again.gatherAndClose();
});

test('a group may be given limits that it did not have', async () => {
  const clock = new Time();
  const { work } = noting();
  const pool = new TaskPool({ clock, logger, functions: { work }, journal: new MemoryStore() });
  pool.map(work, ['a', 'b', 'c'], { groupName: 'three' });
  pool.pause();
  await turn();
  const left = await leftBy(pool);
  const starts: number[] = [];
  const options = {
    functions: { work: () => void starts.push(clock.now()) },
    clock,
    logger,
    groups: { three: { limits: { rate: true } } },
  } as const;
  await expect(recoverTaskPool(left, options)).rejects.toThrow("got 'rate': there are none");
  const again = await recoverTaskPool(left, {
    ...options,
    limits: { rate: { rate: { max: 1, per: 10 } } },
  });
  again.resume();
  await clock.advance(100);
  // The task that was there before has no key.
  expect(starts).toEqual([0, 0, 10]);
  await again.gatherAndClose();
});

test('what was to be tried again when the process died waits for its keys once', async () => {
  const clock = new Time();
  const store = new MemoryStore();
  const options = { limits, clock, logger };
  const retry = { limit: 3, delay: 100 };
  const pages = { groupName: 'pages', numConcurrent: 10, retry, limits: { host: () => 'a' } };
  const fail = async () => {
    throw new Error('down');
  };
  const pool = new TaskPool({ ...options, functions: { work: fail }, journal: store });
  pool.map(fail, ['/1', '/2', '/3', '/4'], pages);
  await clock.advance(10);
  expect(pool.numDelayed).toBe(4);
  const left = await leftBy(pool);
  pool.pause();

  const seen: string[] = [];
  const work = async (page: string) => void seen.push(`${page} at ${clock.now()}`);
  const groups = { pages: { limits: { host: () => 'a' } } };
  const again = await recoverTaskPool(left, { ...options, functions: { work }, groups });
  await clock.advance(50);
  expect([again.numDelayed, again.numQueued]).toEqual([4, 0]);
  await clock.advance(1000);
  expect(seen.map((line) => line.slice(0, 2)).sort()).toEqual(['/1', '/2', '/3', '/4']);
  expect(again.totals).toMatchObject({ fulfilled: 4, rejected: 0 });
  await again.gatherAndClose();
});
