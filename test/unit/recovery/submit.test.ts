/** Submissions to a pool whose journal holds its calls. */

import { expect, test } from 'vitest';
import { NotStorable } from 'xstate-taskpool';
import { leftBy, noting, resume } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { taskPool, turn } from '../../support/pools.ts';

test('what waited is run by a pool that was recovered, what has ended is not', async () => {
  const { work, calls } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 1 });
  await pool.submit(work, ['before']);
  pool.pause();
  for (const n of [1, 2, 3]) void pool.submit(work, [n], { groupName: 'numbers' });
  await turn();
  const store = await leftBy(pool);
  calls.length = 0;
  const again = await resume(store, { functions: { work } });
  again.resume();
  await again.gatherAndClose();
  expect(calls.map(([n]) => n)).toEqual([1, 2, 3]);
  pool.cancelAll();
});

test('what cannot be stored is refused, and so is a key that the journal does not hold', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work } });
  await expect(pool.submit(work, [new Map()])).rejects.toThrow(NotStorable);
  await expect(pool.submit(async () => 1)).rejects.toThrow(NotStorable);
  await expect(pool.submit(work, [1], { unique: 'a' })).rejects.toThrow(/no unique key/);
  await pool.gatherAndClose();
});

test('a failure goes to the promise only, and a cancelled one needs nobody', async () => {
  const fail = async () => Promise.reject(new Error('no'));
  const pool = taskPool({ functions: { fail } });
  await expect(pool.submit(fail)).rejects.toThrow('no');
  const controller = new AbortController();
  void pool.submit(fail, [], { signal: controller.signal });
  controller.abort('over');
  expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([]);
});

test('untilDurable resolves when everything so far is written', async () => {
  const { store } = storeOver();
  const { work } = noting();
  const pool = taskPool({ journal: store, functions: { work } });
  void pool.submit(work, [1]);
  await pool.untilDurable();
  const types: string[] = [];
  for await (const batch of store.read()) types.push(...batch.map(({ type }) => type));
  expect(types).toContain('group.created');
  await pool.gatherAndClose();
});
