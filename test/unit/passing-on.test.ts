/** A slot goes straight to the next item of its group: not where somebody else has a say. */

import { describe, expect, test } from 'vitest';
import { type TaskGroup, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';

const ITEMS = Array.from({ length: 12 }, (_, index) => index);
const soon = async () => undefined;

/** Runs items; what `act` does in the item number 3 has to count for the one that follows. */
function running(
  pool: TaskPool,
  numConcurrent: number,
  act: (group: TaskGroup<number>) => void,
): { readonly group: TaskGroup<number>; readonly begun: number[] } {
  const begun: number[] = [];
  const group: TaskGroup<number> = pool.map(
    async (item: number) => {
      begun.push(item);
      await undefined;
      if (item === 3) act(group);
      return item;
    },
    ITEMS,
    { numConcurrent },
  );
  return { group, begun };
}

/** When all that can run without anybody has run. */
const quiet = () => new SimulatedClock().pass(0);

describe.each([
  ['a group of one', 1, 4],
  ['a group of three', 3, 6],
])('in %s no item follows', (_, numConcurrent, most) => {
  test.each([
    ['once the pool is paused', ({ pool }) => pool.pause()],
    ['once the group is paused', ({ group }) => group.pause()],
    ['once the group is stopped', ({ group }) => group.stop()],
    ['once the pool has no room', ({ pool }) => (pool.poolSize = 0)],
  ] as [string, (all: { pool: TaskPool; group: TaskGroup<number> }) => void][])(
    '%s',
    async (_name, act) => {
      const pool = new TaskPool({ poolSize: numConcurrent });
      const { begun, group } = running(pool, numConcurrent, () => act({ pool, group }));
      await quiet();
      expect(begun.length).toBeGreaterThanOrEqual(4);
      expect(begun.length).toBeLessThanOrEqual(most);
      expect(pool.numRunning).toBe(0);
      pool.cancelAll();
      await pool.gatherAndClose({ returnExceptions: true });
    },
  );
});

test.each([
  ['the pool', 3, ({ pool }) => (pool.poolSize = 1)],
  ['the pool of a group without a limit', undefined, ({ pool }) => (pool.poolSize = 1)],
  ['the pool of a group that may have more', 5, ({ pool }) => (pool.poolSize = 1)],
  ['the group', 3, ({ group }) => (group.numConcurrent = 1)],
] as [string, number | undefined, (all: { pool: TaskPool; group: TaskGroup<void> }) => void][])(
  'the surplus ends first where %s shrinks',
  async (_, numConcurrent, shrink) => {
    const pool = new TaskPool({ poolSize: 3 });
    let executing = 0;
    const after: number[] = [];
    const group: TaskGroup<void> = pool.map(
      async (item: number) => {
        executing++;
        await soon();
        if (item === 3) shrink({ pool, group });
        if (item > 6) after.push(executing);
        executing--;
      },
      ITEMS,
      numConcurrent === undefined ? {} : { numConcurrent },
    );
    await group.settled();
    expect(Math.max(...after)).toBe(1);
    await pool.gatherAndClose();
  },
);

test.each([
  ['the pool', (pool: TaskPool) => (pool.poolSize = 3), 3],
  ['the group', (_: TaskPool, group: TaskGroup<void>) => (group.numConcurrent = 2), 2],
] as const)('more run at once where %s grows', async (_, grow, expected) => {
  const pool = new TaskPool({ poolSize: expected === 3 ? 1 : 3 });
  let executing = 0;
  let most = 0;
  const group: TaskGroup<void> = pool.map(
    async (item: number) => {
      most = Math.max(most, ++executing);
      await soon();
      if (item === 3) grow(pool, group);
      await soon();
      executing--;
    },
    ITEMS,
    { numConcurrent: expected === 3 ? 3 : 1 },
  );
  await group.settled();
  expect(most).toBe(expected);
  await pool.gatherAndClose();
});

test('another group that waits has its turn', async () => {
  const pool = new TaskPool({ poolSize: 1 });
  const order: string[] = [];
  const note = (name: string) => async (item: number) => void order.push(`${name}${item}`);
  const first = pool.map(async (item: number) => {
    order.push(`a${item}`);
    if (item === 1) pool.map(note('b'), [0, 1]);
  }, ITEMS);
  await first.settled();
  await pool.gatherAndClose();
  expect(order.slice(0, 6)).toEqual(['a0', 'a1', 'a2', 'b0', 'a3', 'b1']);
});

test('another group that waits has its turn where the group itself has no more room', async () => {
  const pool = new TaskPool({ poolSize: 2 });
  const order: string[] = [];
  const note = (name: string) => async (item: number) => {
    order.push(`${name}${item}`);
    await soon();
  };
  let end = () => {};
  const held = pool.apply(() => new Promise<void>((resolve) => (end = resolve)));
  const first = pool.map(note('a'), ITEMS, { numConcurrent: 1 });
  const second = pool.map(note('b'), [0, 1], { numConcurrent: 1 });
  await Promise.all([first.results(), second.results()]);
  expect(order.slice(0, 4)).toEqual(['a0', 'b0', 'a1', 'b1']);
  end();
  await held.results();
  await pool.gatherAndClose();
});

test('a task of the group that is run again comes before the next item', async () => {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ poolSize: 1, clock });
  const order: string[] = [];
  const group = pool.map(
    async (item: number, { attempt }) => {
      order.push(`${item}.${attempt}`);
      await clock.sleep(1);
      if (item === 1 && attempt === 1) throw new Error('once');
    },
    [0, 1, 2, 3, 4],
    { retry: { limit: 1, delay: 1, jitter: 'none' } },
  );
  await clock.until(group.results());
  expect(order).toEqual(['0.1', '1.1', '2.1', '1.2', '3.1', '4.1']);
  await clock.until(pool.gatherAndClose());
});

test('a consumer that is behind holds the items back', async () => {
  const pool = new TaskPool({ poolSize: 1 });
  const begun: number[] = [];
  const group = pool.map(async (item: number) => {
    begun.push(item);
    return item;
  }, ITEMS);
  const values = group.ordered({ buffer: 2 })[Symbol.asyncIterator]();
  await values.next();
  await quiet();
  expect(begun.length).toBeLessThanOrEqual(4);
  await values.return?.();
  await pool.gatherAndClose({ returnExceptions: true });
});

test('what has waited longer comes first where tasks age', async () => {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ poolSize: 1, clock, aging: 1 });
  const order: string[] = [];
  const run = (name: string) => async (item: number) => {
    order.push(`${name}${item}`);
    await clock.sleep(1);
  };
  const first = pool.map(run('a'), [0, 1, 2, 3], { priority: 1 });
  const second = pool.map(run('b'), [0, 1]);
  await clock.until(Promise.all([first.results(), second.results()]));
  expect(order[0]).toBe('a0');
  expect(order.indexOf('b0')).toBeLessThan(order.indexOf('a3'));
  await clock.until(pool.gatherAndClose());
});

test('the next task of a group goes behind a group that waits for the key of the one that ends', async () => {
  const pool = new TaskPool({ poolSize: 1, limits: { host: { concurrent: 1 } } });
  const started: string[] = [];
  const running: (() => void)[] = [];
  // Nobody subscribes: a slot is passed on without further steps only then.
  const work = (name: string) => {
    started.push(name);
    return new Promise<void>((resolve) => void running.push(resolve));
  };
  const add = (...names: string[]) =>
    pool.map(work, names, { limits: { host: (name: string) => name.slice(-1) } });
  const end = async () => {
    running.shift()?.();
    await quiet();
  };
  add('holds a');
  await quiet();
  add('waits for a');
  await quiet();
  const group = add('first a', 'then b');
  await quiet();
  pool.setPriority(Math.min(...group.ids), 1);
  await end();
  expect(started).toEqual(['holds a', 'first a']);
  await end();
  await end();
  expect(started.slice(2)).toEqual(['waits for a', 'then b']);
  pool.cancelAll();
  running[0]?.();
  await pool.gatherAndClose({ returnExceptions: true });
});
