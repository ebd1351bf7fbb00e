import { describe, expect, test } from 'vitest';
import { SourceNotSeekable } from 'xstate-taskpool';
import type { RecoverySource } from 'xstate-taskpool/recovery';
import { leftBy, noting, resume, storeWith } from '../../support/lives.ts';
import { taskPool, turn } from '../../support/pools.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A pool that has run two items of a generator and is running a third when it dies. */
async function leftInTheMiddle() {
  const { work } = noting((item: string) => (item === 'c' ? new Promise(() => {}) : item));
  const pool = taskPool({ functions: { work } });
  pool.map(work, ITEMS.values(), { groupName: 'letters' });
  while (pool.numRunning === 0 || pool.totals.fulfilled < 2) await turn();
  return leftBy(pool);
}

async function* asynchronous(from = 0) {
  for (const item of ITEMS.slice(from)) yield item;
}

describe('a source that is not in the journal goes on where it was left', () => {
  test.each<[string, RecoverySource]>([
    ['an array, by index', ITEMS],
    ['a function of the index', (from) => ITEMS.slice(from)],
    ['a function that gives an async iterable', (from) => asynchronous(from)],
    ['an object with seek', { seek: (from) => new Set(ITEMS.slice(from)) }],
    ['the whole of an iterable, of which the beginning is left out', new Set(ITEMS)],
    ['the whole of an async iterable', { [Symbol.asyncIterator]: asynchronous }],
    ['a text', ITEMS.join('')],
  ])('%s', async (_what, letters) => {
    const { work, calls } = noting();
    const again = await resume(await leftInTheMiddle(), {
      functions: { work },
      sources: { letters },
    });
    await again.gatherAndClose();
    expect(calls).toEqual([
      ['c', 2, 2],
      ['d', 3, 1],
      ['e', 4, 1],
      ['f', 5, 1],
    ]);
  });

  test('and can be left and continued again', async () => {
    const { work } = noting((item: string) => (item === 'e' ? new Promise(() => {}) : item));
    const first = await resume(await leftInTheMiddle(), {
      functions: { work },
      sources: { letters: ITEMS },
    });
    while (first.totals.fulfilled < 4 || first.numRunning === 0) await turn();
    const { work: last, calls } = noting();
    const again = await resume(await leftBy(first), {
      functions: { work: last },
      sources: { letters: (from) => ITEMS.slice(from) },
    });
    await again.gatherAndClose();
    expect(calls).toEqual([
      ['e', 4, 2],
      ['f', 5, 1],
    ]);
  });

  test('and is not needed if all of it was taken, as far as its length tells', async () => {
    const { work } = noting(() => new Promise(() => {}));
    const pool = taskPool({ functions: { work } });
    pool.map(work, new Set([1, 2]), { numConcurrent: 2 });
    await turn();
    const last = [...pool.journal].findLast(({ type }) => type === 'task.queued');
    const { work: next, calls } = noting();
    const again = await resume(await leftBy(pool, last?.seq), { functions: { work: next } });
    await again.gatherAndClose();
    expect(calls.map(([item]) => item)).toEqual([1, 2]);
  });
});

describe('a source that cannot be continued ends its group, and what was made is run', () => {
  test.each<[string, RecoverySource | undefined, Error]>([
    [
      'since there is none',
      undefined,
      new SourceNotSeekable(
        "expected sources['letters'] to continue at item 3, got none, and the journal does not hold the rest",
      ),
    ],
    [
      'since it is too short',
      ['a', 'b'],
      new SourceNotSeekable(
        'expected a source of at least 3 items, which were taken before, got one of 2',
      ),
    ],
    [
      'since the iterable is too short',
      new Set(['a']),
      new SourceNotSeekable(
        'expected a source of at least 3 items, which were taken before, got one of 1',
      ),
    ],
    [
      'since it throws',
      () => {
        throw new Error('file gone');
      },
      new Error('file gone'),
    ],
    [
      'since it gives no items',
      () => 5 as never,
      new TypeError('expected what a source gives to be iterable or async iterable, got 5'),
    ],
  ])('%s', async (_what, letters, error) => {
    const { work, calls } = noting();
    const again = await resume(await leftInTheMiddle(), {
      functions: { work },
      ...(letters === undefined ? {} : { sources: { letters } }),
    });
    await expect(again.gatherAndClose()).rejects.toThrow(error);
    expect(calls).toEqual([['c', 2, 2]]);
    expect([...again.journal].find(({ type }) => type === 'group.failed')).toMatchObject({
      group: 'letters',
      error: { name: error.name, message: error.message },
    });
  });
});

test('an array of which not everything was written is continued by the array', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  const items = [...Array(2500).keys()];
  pool.map(work, items, { groupName: 'many' });
  const { work: last, calls } = noting();
  const functions = { work: last };
  const again = await resume(await leftBy(pool, 3), {
    functions,
    poolSize: 5,
    sources: { many: items },
  });
  await again.gatherAndClose();
  expect(calls.map(([item]) => item)).toEqual(items);
});

test('a promise among the items is not stored, so it fails the source', async () => {
  const { work, calls } = noting();
  const letters = new Set<unknown>([...ITEMS, Promise.resolve('g')]);
  const again = await resume(await leftInTheMiddle(), {
    functions: { work },
    sources: { letters },
  });
  await expect(again.gatherAndClose()).rejects.toThrow('expected items[6] to survive JSON');
  expect(calls.map(([item]) => item)).toEqual(['c', 'd', 'e', 'f']);
});

test('a source is closed with its group, and not even opened if that is cancelled before', async () => {
  const log: string[] = [];
  function* letters(from: number) {
    try {
      log.push(`opened at ${from}`);
      yield* ITEMS.slice(from);
    } finally {
      log.push('closed');
    }
  }
  const store = await leftInTheMiddle();
  for (const isOpened of [true, false]) {
    const left = await storeWith([...store]);
    const { work, calls } = noting();
    const again = await resume(left, { functions: { work }, sources: { letters } });
    while (isOpened && calls.length < 2) await turn();
    again.cancelGroup('letters');
    await again.gatherAndClose();
  }
  expect(log).toEqual(['opened at 3', 'closed']);
});

test('no source is asked before the caller has the pool', async () => {
  const { work } = noting();
  let asked = 0;
  const again = await resume(await leftInTheMiddle(), {
    functions: { work },
    sources: {
      letters: (from) => {
        asked++;
        return ITEMS.slice(from);
      },
    },
  });
  expect(asked).toBe(0);
  await again.gatherAndClose();
  expect(asked).toBe(1);
});
