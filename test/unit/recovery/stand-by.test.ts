/** Another process continues what a pool leaves, once the writer of its journal is gone. */

import { expect, test } from 'vitest';
import {
  type JournalStore,
  MemoryStore,
  type StandbyStore,
  StoreClosed,
  StoreRemoved,
} from 'xstate-taskpool';
import { standBy } from 'xstate-taskpool/recovery';
import { leftBy, noting } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { actors, Gate, Log, taskPool, turn } from '../../support/pools.ts';

const { work, calls } = noting();
const options = { functions: { work }, logger: new Log(), actors };

/** A pool died that had run nothing yet. */
async function left(...items: number[]): Promise<MemoryStore> {
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  pool.map(work, items);
  await turn();
  return leftBy(pool);
}

/** A journal as a reader sees it, until its writer is gone; what is written then goes to `then`. */
function standby(kept: MemoryStore, then = kept) {
  const closed: string[] = [];
  const gone = new Gate();
  const writing: JournalStore = {
    ...storeOver({ kept: then }).store,
    close: async () => void closed.push('writer'),
  };
  const store: StandbyStore<JournalStore> = {
    append: () => Promise.reject(new Error('only to be read')),
    checkpoint: () => Promise.reject(new Error('only to be read')),
    read: (range) => kept.read(range),
    tail: (range) => kept.tail(range),
    latestCheckpoint: () => kept.latestCheckpoint(),
    takeOver: () => gone.promise.then(() => writing),
    close: async () => void closed.push('reader'),
  };
  return { store, writing, closed, gone };
}

test('continues what was left, once its writer is gone', async () => {
  calls.length = 0;
  const { store, writing, closed, gone } = standby(await left(1, 2));
  let isOver = false;
  const waiting = standBy(store, options).finally(() => {
    isOver = true;
  });
  await turn();
  expect(isOver).toBe(false);
  gone.resolve();
  const { pool, store: journal } = await waiting;
  expect(journal).toBe(writing);
  expect(closed).toEqual(['reader']);
  pool.poolSize = 1;
  await pool.gatherAndClose();
  expect(calls.map(([item]) => item)).toEqual([1, 2]);
});

test('begins, if it may and nobody has', async () => {
  const { store, gone } = standby(new MemoryStore());
  gone.resolve();
  const begin = (journal: JournalStore) => taskPool({ name: 'begun', journal });
  const { pool } = await standBy(store, { ...options, begin });
  expect(pool.name).toBe('begun');
  await pool.gatherAndClose();
});

test.each([
  ['it may begin', true],
  ['it has to wait for it', false],
])('continues what somebody else has begun meanwhile, whether %s', async (_, mayBegin) => {
  const kept = new MemoryStore();
  const { store, gone } = standby(kept);
  const begin = () => taskPool({ name: 'begun' });
  const waiting = standBy(store, { ...options, ...(mayBegin ? { begin } : {}) });
  await turn();
  await kept.append([...(await left(1))]);
  await turn();
  gone.resolve();
  const { pool } = await waiting;
  expect(pool).toMatchObject({ numQueued: 1 });
  expect(pool.name).not.toBe('begun');
  pool.cancelAll();
  await pool.gatherAndClose();
});

test('does not begin anew what was lost meanwhile', async () => {
  const { store, closed, gone } = standby(await left(1), new MemoryStore());
  gone.resolve();
  const begin = () => taskPool();
  await expect(standBy(store, { ...options, begin })).rejects.toThrow(StoreRemoved);
  expect(closed).toEqual(['writer', 'reader']);
});

test('leaves the journal to others where it cannot continue', async () => {
  const { store, closed, gone } = standby(await left(1));
  gone.resolve();
  await expect(standBy(store, { ...options, functions: {} })).rejects.toThrow('work');
  expect(closed).toEqual(['writer', 'reader']);
});

test('waits no longer than its signal says, or the store is open', async () => {
  const kept = new MemoryStore();
  const { store, closed } = standby(kept);
  const controller = new AbortController();
  const waiting = standBy(store, { ...options, signal: controller.signal });
  const forever = standBy(store, options);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await kept.close();
  await expect(forever).rejects.toThrow(StoreClosed);
  expect(closed).toEqual(['reader', 'reader']);
});
