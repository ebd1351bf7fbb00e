/** A task and its callbacks run in the async context of the call that made it. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import type { TaskContext, TaskPool } from 'xstate-taskpool';
import { simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const storage = new AsyncLocalStorage<string>();
const here = async () => storage.getStore();
type RetriedFunction = (context: TaskContext) => Promise<void>;
const RETRY = { retry: { limit: 1, delay: 1 } };
const later = async () => {
  await turn();
  return storage.getStore();
};

test('functions of map and apply see the context of their call, however they interleave', async () => {
  const pool = taskPool({ poolSize: 2 });
  const calls = Array.from({ length: 6 }, (_, n) =>
    storage.run(`call ${n}`, () =>
      n % 2 === 0
        ? pool.map(n % 3 === 0 ? here : later, [1, 2, 3], { numConcurrent: 2 })
        : pool.apply(n % 3 === 0 ? here : later, [], { num: 3 }),
    ),
  );
  for (const [n, group] of calls.entries()) {
    expect(await group.results()).toEqual([`call ${n}`, `call ${n}`, `call ${n}`]);
  }
});

test('a call outside of any context has none, whoever else calls', async () => {
  const pool = taskPool({ poolSize: 1 });
  const inside = storage.run('inside', () => pool.map(here, [1, 2]));
  const outside = pool.map(here, [1, 2]);
  expect(await inside.results()).toEqual(['inside', 'inside']);
  expect(await outside.results()).toEqual([undefined, undefined]);
});

test('functions of start see the context of their call', async () => {
  const pool = simplePool(later);
  const one = storage.run('one', () => pool.start(2));
  const two = storage.run('two', () => pool.start(2));
  expect(await one.results()).toEqual(['one', 'one']);
  expect(await two.results()).toEqual(['two', 'two']);
});

test('a group that was resumed or resized by others runs in its own context', async () => {
  const pool = taskPool();
  const group = storage.run('mine', () => pool.map(later, [1, 2, 3, 4]));
  group.pause();
  await turn();
  storage.run('theirs', () => group.resume());
  await turn();
  storage.run('theirs', () => {
    group.numConcurrent = 3;
  });
  expect(await group.results()).toEqual(['mine', 'mine', 'mine', 'mine']);
});

test('a source that answers late does not take its consumer out of the context', async () => {
  async function* items() {
    for (const n of [1, 2, 3]) {
      await turn();
      yield n;
    }
  }
  const pool = taskPool({ poolSize: 1 });
  const other = storage.run('other', () => pool.map(later, [1, 2, 3]));
  const group = storage.run('mine', () => pool.map(here, items()));
  expect(await group.results()).toEqual(['mine', 'mine', 'mine']);
  expect(await other.results()).toEqual(['other', 'other', 'other']);
});

test.each([1, 3])('sources are pulled in the context of their call, %s at once', async (size) => {
  const pulled: unknown[] = [];
  const note = () => pulled.push(storage.getStore());
  function* items() {
    for (const n of [1, 2, 3, 4]) {
      note();
      yield n;
    }
    note();
  }
  async function* late() {
    for (const n of [1, 2, 3, 4]) {
      note();
      await turn();
      note();
      yield n;
    }
  }
  const pool = taskPool({ poolSize: size });
  const busy = storage.run('busy', () => pool.map(later, [1, 2, 3, 4]));
  for (const source of [items, late]) {
    pulled.length = 0;
    const others = storage.run('other', () => pool.map(later, [1, 2, 3, 4]));
    const group = storage.run('mine', () => pool.map(later, source(), { prefetch: 2 }));
    const submitted = storage.run('third', () => pool.submit(later));
    expect(await group.results()).toEqual(['mine', 'mine', 'mine', 'mine']);
    expect(pulled.length).toBeGreaterThan(4);
    expect(new Set(pulled)).toEqual(new Set(['mine']));
    await others.results();
    expect(await submitted).toBe('third');
  }
  await busy.results();
});

test('callbacks see the context of the call, also of a task that others cancel', async () => {
  const pool = taskPool();
  const seen: unknown[] = [];
  const callbacks = {
    endCallback: () => seen.push(['end', storage.getStore()]),
    cancelCallback: async () => {
      await turn();
      seen.push(['cancel', storage.getStore()]);
    },
  };
  const group = storage.run('mine', () => pool.apply(untilAborted, [], callbacks));
  await turn();
  storage.run('theirs', () => group.cancel());
  await pool.untilIdle();
  storage.run('mine too', () => pool.map(here, [1], callbacks));
  await pool.untilIdle();
  expect(seen).toEqual([
    ['cancel', 'mine'],
    ['end', 'mine'],
    ['end', 'mine too'],
  ]);
});

test.each<[string, object, object]>([
  ['of the pool', { asyncContext: false }, {}],
  ['of the group', {}, { asyncContext: false }],
])('asyncContext: false %s leaves it out', async (_, ofPool, ofGroup) => {
  const pool = taskPool({ poolSize: 1, ...ofPool });
  const groups = ['one', 'two'].map((name) =>
    storage.run(name, () => pool.map(here, [1, 2], ofGroup)),
  );
  const seen = (await Promise.all(groups.map((group) => group.results()))).flat();
  expect(new Set(seen).size).toBe(1);
});

/** Occupies the thread. */
const spin = (ms: number) => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

test.each([
  ['submit', (pool: TaskPool, fn: RetriedFunction) => pool.submit(fn, [], RETRY)],
  [
    'apply',
    (pool: TaskPool, fn: RetriedFunction) => pool.apply(fn, [], { ...RETRY, num: 2 }).results(),
  ],
])(
  'attempts of %s that are due while the event loop is busy are called in their context',
  async (_, call) => {
    const pool = taskPool({ poolSize: 1_000 });
    const wrong: unknown[] = [];
    const calls = Array.from({ length: 200 }, (_, n) =>
      storage.run(`call ${n}`, () =>
        call(pool, async ({ attempt }) => {
          if (storage.getStore() !== `call ${n}`) wrong.push([n, attempt, storage.getStore()]);
          await undefined;
          spin(0.5);
          if (attempt === 1) throw new Error('no');
        }),
      ),
    );
    await Promise.all(calls);
    expect(wrong).toEqual([]);
    await pool.gatherAndClose();
  },
);
