/** One program that begins a journal, and continues it when it is started again. */

import { expect, test } from 'vitest';
import {
  MemoryStore,
  NotAFunction,
  NotRecoverable,
  SimpleTaskPool,
  TaskPool,
} from 'xstate-taskpool';
import { recoverSimpleTaskPool, recoverTaskPool } from 'xstate-taskpool/recovery';
import { leftBy, noting } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { actors, taskPool, turn } from '../../support/pools.ts';

const { work } = noting();
const functions = { work };
const options = { functions, actors };

test('an empty journal is begun, another one continued', async () => {
  const { store } = storeOver({});
  const start = (journal = store) =>
    recoverTaskPool(journal, {
      ...options,
      begin: async (empty) => taskPool({ ...options, name: 'begun', journal: empty }),
    });
  const first = await start();
  expect(first.name).toBe('begun');
  expect(first.hasGroup('pages')).toBe(false);
  first.poolSize = 0;
  first.map(work, [1, 2], { groupName: 'pages' });
  await turn();
  const second = await start(storeOver({ kept: await leftBy(first) }).store);
  expect(second).not.toBe(first);
  expect(second.hasGroup('pages')).toBe(true);
  expect(second.groups.map(({ name }) => name)).toEqual(['pages']);
  second.poolSize = 1;
  await second.gatherAndClose();
  expect(second.totals.fulfilled).toBe(2);
  first.cancelAll();
  await first.gatherAndClose();
});

test('a journal in memory is begun, too', async () => {
  const journal = new MemoryStore();
  const begin = () => taskPool({ journal });
  const pool = await recoverTaskPool(journal, { ...options, begin });
  expect(pool.journal).toBe(journal);
  await pool.gatherAndClose();
});

test('a simple pool is begun by a function of its own', async () => {
  const { store } = storeOver({});
  const pool = await recoverSimpleTaskPool(store, work, [1], {
    ...options,
    begin: (journal) => new SimpleTaskPool(work, [1], { ...options, journal }),
  });
  pool.start(2);
  await pool.gatherAndClose();
  expect(pool.totals.fulfilled).toBe(2);
});

test.each([
  [
    'nothing',
    undefined,
    NotRecoverable,
    'expected a journal with events, got an empty one and no begin',
  ],
  ['no function', 5, NotAFunction, 'expected begin'],
  ['no pool', () => 5, TypeError, 'expected begin to create a TaskPool, got 5'],
  [
    'a pool of another kind',
    () => new SimpleTaskPool(work, [1]),
    TypeError,
    'expected begin to create a TaskPool, got ',
  ],
  [
    'a pool with another journal',
    () => new TaskPool(),
    TypeError,
    'expected begin to create a pool with the given journal',
  ],
])('begun by %s, it is refused', async (_, begin, type, message) => {
  const { store } = storeOver({});
  const recovered = recoverTaskPool(store, {
    ...options,
    ...(begin === undefined ? {} : { begin: begin as () => TaskPool }),
  });
  await expect(recovered).rejects.toThrow(type);
  await expect(recovered).rejects.toThrow(message);
});

test('what begin throws is what the recovery rejects with', async () => {
  const begin = () => {
    throw new Error('no room');
  };
  await expect(recoverTaskPool(storeOver({}).store, { ...options, begin })).rejects.toThrow(
    'no room',
  );
});
