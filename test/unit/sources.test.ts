import { describe, expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import { eventsOf, rejectionOf } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

const bad = new Error('bad source');
const unreadable = {
  get done() {
    return throwing(bad);
  },
};
const echo = async <T>(item: T): Promise<T> => item;

/** Sources that yield 1 and 2 and then throw, each in its way. */
const failing: [string, () => Iterable<number> | AsyncIterable<number>][] = [
  ['an array', () => Object.defineProperty([1, 2], 2, { get: () => throwing(bad) })],
  [
    'a generator',
    function* () {
      yield* [1, 2];
      throw bad;
    },
  ],
  [
    'an async generator',
    async function* () {
      yield* [1, 2];
      throw bad;
    },
  ],
  [
    'an async iterator that throws synchronously',
    () => {
      let n = 0;
      const next = () => {
        if (++n > 2) throw bad;
        return Promise.resolve({ done: false, value: n });
      };
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  ],
];

describe('a source that throws', () => {
  test.each(failing)('%s: ends its group; what was created finishes', async (_what, source) => {
    const pool = taskPool();
    const group = pool.map(echo, source(), { numConcurrent: 1, groupName: 'mine' });
    expect(await rejectionOf(group.results())).toBe(bad);
    expect(await group.settled()).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(eventsOf(pool, 'group.failed', 'group.exhausted')).toEqual([
      { type: 'group.failed', group: 'mine', error: { name: 'Error', message: 'bad source' } },
    ]);
    expect(pool.snapshot().groups[0]).toMatchObject({ source: 'failed', created: 2, ended: 2 });
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test.each(failing)('%s: is raised at the end if nobody asked', async (_what, source) => {
    const pool = taskPool();
    pool.map(echo, source());
    expect(await rejectionOf(pool.gatherAndClose())).toBe(bad);
    expect(pool.totals).toMatchObject({ created: 2, fulfilled: 2 });
  });

  test.each<[string, object]>([
    ['its iterator', { [Symbol.iterator]: () => throwing(bad) }],
    ['its async iterator', { [Symbol.asyncIterator]: () => throwing(bad) }],
    ['no iterator', { [Symbol.iterator]: () => undefined }],
    ['a result', { [Symbol.asyncIterator]: () => ({ next: async () => unreadable }) }],
    ['next', { [Symbol.iterator]: () => ({ next: () => throwing(bad) }) }],
    ['no result', { [Symbol.asyncIterator]: () => ({ next: () => undefined }) }],
    [
      'done',
      {
        [Symbol.iterator]: () => ({
          next: () => ({
            get done() {
              return throwing(bad);
            },
          }),
        }),
      },
    ],
  ])('when asked for %s is an empty group that failed', async (_what, source) => {
    const pool = taskPool();
    const group = pool.map(echo, source as Iterable<unknown>);
    expect(await rejectionOf(group.results())).toBeInstanceOf(Error);
    expect(group.progress).toEqual({ created: 0, ended: 0 });
    await pool.gatherAndClose();
    expect(eventsOf(pool, 'group.failed')).toHaveLength(1);
  });

  test('for starmap an item that is no list of arguments is a failed task', async () => {
    const pool = taskPool();
    const items = [[1], null, [3]] as [number][];
    const results = await pool.starmap(async (n: number) => n, items).settled();
    expect(results).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: expect.any(TypeError) },
      { status: 'fulfilled', value: 3 },
    ]);
  });
});

describe('a source whose group is cancelled', () => {
  test('is told to stop, once', async () => {
    let returned = 0;
    const source: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          returned++;
          throw bad;
        },
      }),
    };
    const pool = taskPool();
    const group = pool.map(untilAborted, source);
    await turn();
    group.cancel();
    pool.cancelAll();
    await pool.gatherAndClose();
    expect(returned).toBe(1);
  });

  test.each<[string, (cancel: () => void) => Iterable<number>]>([
    [
      'yields',
      function* (cancel) {
        yield 1;
        cancel();
        yield 2;
      },
    ],
    [
      'ends',
      function* (cancel) {
        yield 1;
        cancel();
      },
    ],
    [
      'throws',
      function* (cancel) {
        yield 1;
        cancel();
        throw bad;
      },
    ],
  ])('by itself, and then %s', async (_what, source) => {
    const pool = taskPool();
    const group: { cancel(): void } = pool.map(
      echo,
      source(() => group.cancel()),
    );
    await pool.gatherAndClose();
    expect(pool.totals.created).toBe(1);
    expect(eventsOf(pool, 'group.cancelled', 'group.failed', 'group.exhausted')).toHaveLength(1);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });
});

test('a source without items is a group that is done', async () => {
  const pool = taskPool();
  expect(await pool.map(echo, []).results()).toEqual([]);
  expect(await pool.apply(() => 1, [], { num: 0 }).settled()).toEqual([]);
  expect(await pool.map(echo, (async function* () {})()).results()).toEqual([]);
  await pool.untilIdle();
  expect(pool.totals.created).toBe(0);
});

function throwing(error: unknown): never {
  throw error;
}
