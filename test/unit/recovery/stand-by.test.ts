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
import { leftBy, leftWithQueued, noting } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { actors, Gate, Log, taskPool, turn, untilAborted } from '../../support/pools.ts';

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
    takeOver: async ({ signal } = {}) => {
      await Promise.race([gone.promise, signal && untilAborted({ signal })].filter(Boolean));
      return writing;
    },
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

test('recovers in the given way, or ends its wait by the given signal', async () => {
  const { store, writing, gone } = standby(await left(1));
  gone.resolve();
  const recovered = await standBy(store, async (journal) => ({ journal }));
  expect(recovered).toEqual({ pool: { journal: writing }, store: writing });
  const signal = AbortSignal.abort(new Error('enough'));
  const empty = standby(new MemoryStore());
  const never = () => expect.unreachable();
  await expect(standBy(empty.store, never, { signal })).rejects.toThrow('enough');
  expect(empty.closed).toEqual(['reader']);
  for (const [options, problem] of [
    [{ signal: 1 }, 'signal'],
    [{ begin: never }, 'begin'],
  ] as const) {
    await expect(standBy(empty.store, never, options as never)).rejects.toThrow(problem);
  }
});

test('its signal ends the wait for the writer to be gone', async () => {
  const { store, closed } = standby(await left(1));
  const controller = new AbortController();
  const waiting = standBy(store, { ...options, signal: controller.signal });
  await turn();
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(closed).toEqual(['reader']);
});

test('a checkpoint is enough to continue', async () => {
  const { store } = standby(leftWithQueued('TaskPool', 2) as MemoryStore);
  const takeOver = async () => storeOver({ kept: store as unknown as MemoryStore }).store;
  const { pool } = await standBy({ ...store, takeOver }, options);
  expect(pool).toMatchObject({ name: 'p', numQueued: 2 });
});

test('waits for events, and does not continue if they are lost again', async () => {
  const kept = new MemoryStore();
  const { store, gone } = standby(kept, new MemoryStore());
  const waiting = standBy(store, options);
  await kept.append([...(await left(1))]);
  gone.resolve();
  await expect(waiting).rejects.toThrow(StoreRemoved);
});

test.each([undefined, new MemoryStore(), { read() {}, takeOver() {} }])(
  'refuses what is no store to wait for: %s',
  async (store) => {
    await expect(standBy(store as never, options)).rejects.toThrow(
      /^expected a store that was opened with readonly and has takeOver\(\), got /,
    );
  },
);

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
