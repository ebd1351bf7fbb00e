import { describe, expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import { eventsOf, isPending, rejectionOf, Stage } from '../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const bad = new Error('bad source');
const echo = async <T>(item: T): Promise<T> => item;

/** Sources that yield 1 and 2 and then throw, each in its way. */
const failing: [string, () => Iterable<number> | AsyncIterable<number>][] = [
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

describe('an async source', () => {
  test('is pulled one item at a time, when its group has room', async () => {
    const asked: number[] = [];
    const items = [0, 1, 2, 3].map(() => new Gate<number>());
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => {
        let n = 0;
        return {
          next: async () => {
            asked.push(n);
            const gate = items[n++];
            return gate ? { value: await gate.promise } : { done: true, value: undefined };
          },
        };
      },
    };
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, source, { numConcurrent: 2 });
    await turn();
    expect(asked).toEqual([0]);
    items[0]?.resolve(10);
    await turn();
    expect(asked).toEqual([0, 1]);
    items[1]?.resolve(11);
    await turn();
    expect(asked).toEqual([0, 1]);
    expect([...stage.running]).toEqual([10, 11]);

    await stage.finish(10);
    expect(asked).toEqual([0, 1, 2]);
    items[2]?.resolve(12);
    items[3]?.resolve(13);
    await stage.finish(11, 12, 13);
    expect(await group.results()).toEqual([10, 11, 12, 13]);
  });

  test('that is both is taken as async', async () => {
    const both = {
      *[Symbol.iterator]() {},
      async *[Symbol.asyncIterator]() {
        yield 1;
      },
    };
    expect(
      await taskPool()
        .map(echo, both as AsyncIterable<number>)
        .results(),
    ).toEqual([1]);
  });

  test('whose item comes after its group was cancelled makes no task', async () => {
    const item = new Gate<number>();
    let left = false;
    async function* source() {
      try {
        yield await item.promise;
      } finally {
        left = true;
      }
    }
    const pool = taskPool();
    const group = pool.map(echo, source());
    await turn();
    group.cancel(bad);
    expect(await rejectionOf(group.results())).toBe(bad);
    item.resolve(1);
    await turn();
    expect(left).toBe(true);
    expect(pool.totals.created).toBe(0);
    await pool.gatherAndClose();
  });

  test('whose item comes while the group is paused waits', async () => {
    const item = new Gate<number>();
    async function* source() {
      yield await item.promise;
    }
    const pool = taskPool();
    const group = pool.map(echo, source());
    await turn();
    group.pause();
    item.resolve(7);
    expect(await isPending(group.results())).toBe(true);
    group.resume();
    expect(await group.results()).toEqual([7]);
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
