import { describe, expect, test } from 'vitest';
import {
  FunctionNotRegistered,
  MemoryStore,
  NotAFunction,
  NotRecoverable,
  StoreClosed,
  StoreGap,
} from 'xstate-taskpool';
import { type RecoveryOptions, recoverTaskPool } from 'xstate-taskpool/recovery';
import { leftBy, noting, resume, storeWith } from '../../support/lives.ts';
import { simplePool, taskPool, turn, untilAborted } from '../../support/pools.ts';

async function leftRunning() {
  const functions = { untilAborted };
  const pool = taskPool({ functions });
  pool.map(untilAborted, [1, 2], { groupName: 'mine' });
  await turn();
  return leftBy(pool);
}

describe('resume refuses, before anything is written', () => {
  const refused = async (store: MemoryStore, options: RecoveryOptions, error: unknown) => {
    const { nextSeq } = store;
    await expect(recoverTaskPool(store, options)).rejects.toThrow(error as Error);
    expect(store.nextSeq).toBe(nextSeq);
  };

  test('a journal without events', async () => {
    const error = new NotRecoverable(
      'expected a journal with events, got an empty one and no begin to create a pool',
    );
    await refused(new MemoryStore(), { functions: {} }, error);
  });

  test('a journal of the other kind of pool', async () => {
    const pool = simplePool(untilAborted, []);
    const error = new TypeError('expected the journal of a TaskPool, got one of a SimpleTaskPool');
    await refused(await leftBy(pool), { functions: {} }, error);
  });

  test('functions that unfinished groups need, and are not there', async () => {
    const error = new FunctionNotRegistered(
      'expected functions to have untilAborted, which unfinished groups call, got other',
    );
    await refused(await leftRunning(), { functions: { other: () => {} } }, error);
  });

  test('unfinished groups of a pool that was made without functions', async () => {
    const pool = taskPool();
    pool.map(untilAborted, [1], { groupName: 'mine' });
    await turn();
    const error = new NotRecoverable(
      "expected group 'mine' to be stored, got one of a pool without functions",
    );
    await refused(await leftBy(pool), { functions: { untilAborted } }, error);
  });

  test('a journal that begins in the middle', async () => {
    const store = await leftRunning();
    const cut = await storeWith(store.events({ fromSeq: 2 }));
    await refused(cut, { functions: { untilAborted } }, StoreGap);
  });

  test('a store that is closed', async () => {
    const store = await leftRunning();
    await store.close();
    await refused(store, { functions: { untilAborted } }, StoreClosed);
  });

  test.each<[string, object, unknown]>([
    ['no functions', { functions: undefined }, TypeError],
    ['a name', { name: 'other' }, /^expected no name, since it is in the journal/],
    ['retain', { retain: 'all' }, /^expected no retain/],
    ['a journal', { journal: new MemoryStore() }, /^expected no journal/],
    ['a policy there is not', { onInterrupted: 'stop' }, /^expected onInterrupted to be 'retry'/],
    [
      'a policy of a group there is not',
      { groups: { a: { onInterrupted: 1 } } },
      "expected groups.a.onInterrupted to be 'retry' or 'fail', got 1",
    ],
    ['a callback that is none', { groups: { a: { endCallback: 1 } } }, NotAFunction],
    ['a signal that is none', { groups: { a: { signal: {} } } }, TypeError],
    ['a source that is none', { sources: { a: 1 } }, /^expected sources\.a to be iterable/],
    ['a size that is none', { poolSize: 1.5 }, RangeError],
    ['a pace of checkpoints that is none', { checkpoints: { every: 0 } }, RangeError],
  ])('%s', async (_what, options, error) => {
    await refused(await leftRunning(), { functions: { untilAborted }, ...options }, error);
  });

  test('a store that is none', async () => {
    const [read, latestCheckpoint] = [async function* () {}, async () => undefined];
    for (const store of [undefined, {}, [], 'file.db', { read }, { latestCheckpoint }]) {
      await expect(recoverTaskPool(store as never, { functions: {} })).rejects.toThrow(
        /^expected a store with read\(\) and latestCheckpoint\(\), got /,
      );
    }
  });
});

test('functions of groups that are over need not be there', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work } });
  await pool.map(work, [1, 2]).results();
  const again = await resume(await leftBy(pool), { functions: {} });
  expect(again.totals.fulfilled).toBe(2);
  await again.gatherAndClose();
});

test('a pool that was made without functions and is idle can be gone on with', async () => {
  const pool = taskPool();
  await pool.map(async (n: number) => n, [1, 2]).results();
  const { work, calls } = noting();
  const again = await resume(await leftBy(pool), { functions: { work } });
  await again.map(work, [3]).results();
  expect(calls).toEqual([[3, 2, 1]]);
});
