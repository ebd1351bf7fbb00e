/** Checkpoints that a pool puts into its journal. */

import { describe, expect, test } from 'vitest';
import {
  capture,
  checkpointOf,
  joinCheckpoint,
  MemoryStore,
  type PoolEvent,
  replay,
} from 'xstate-taskpool';
import { noting, resume } from '../support/lives.ts';
import { storeOver } from '../support/memory-like.ts';
import { taskPool, turn } from '../support/pools.ts';
import { event, samples } from '../support/sample-events.ts';

const never = () => new Promise(() => {});

describe('a checkpoint', () => {
  test.each([
    ['of its own item', { item: 'a' }],
    ['of the arguments of its group', {}],
  ])('keeps in which epoch an attempt %s has started', (_, item) => {
    const events = [
      ...samples.slice(0, 1),
      event(1, 'group.created', { group: 'a', method: 'map', functionName: 'f', numConcurrent: 1 }),
      event(2, 'task.queued', { id: 0, group: 'a', index: 0, ...item }),
      event(3, 'task.started', { id: 0 }),
      event(4, 'pool.recovered', {}),
      event(5, 'pool.recovered', {}),
    ] as PoolEvent[];
    const from = checkpointOf(events);
    expect(from).toMatchObject({ epoch: 2, tasks: [{ id: 0, epoch: 0 }] });
    expect(checkpointOf([], { from })).toEqual(from);
  });

  test('keeps the order in which tasks started', () => {
    const [created] = samples as [PoolEvent];
    const group = (seq: number, name: string) =>
      event(seq, 'group.created', {
        group: name,
        method: 'map',
        functionName: 'f',
        numConcurrent: 1,
      });
    const events = [
      created,
      group(1, 'a'),
      group(2, 'b'),
      event(3, 'task.queued', { id: 0, group: 'a', index: 0 }),
      event(4, 'task.queued', { id: 1, group: 'b', index: 0 }),
      event(5, 'task.started', { id: 1 }),
      event(6, 'task.started', { id: 0 }),
    ];
    const from = checkpointOf(events);
    expect(from.running).toEqual([1, 0]);
    expect(checkpointOf([], { from })).toEqual(from);
  });

  test('holds the items of tasks that have not ended, and no others', async () => {
    const { work } = noting((n: number) => (n < 2 ? n : never()));
    const pool = taskPool({ functions: { work } });
    pool.map(work, [0, 1, 2, 3, 4] as never[], { numConcurrent: 1 });
    pool.map(work, new Set([1, 9]) as never);
    while (pool.totals.fulfilled < 3) await turn();
    await turn();
    const { tasks, groups } = checkpointOf(pool.journal);
    const held = tasks.map(({ index, state, item }) => `${index} ${state} ${item}`);
    expect(held.sort()).toEqual([
      '0 ended undefined',
      '0 ended undefined',
      '1 ended undefined',
      '1 running 9',
      '2 running 2',
    ]);
    expect(groups.map(({ supply }) => supply)).toEqual([[3, 4], undefined]);
  });
});

test('a checkpoint of version 2, which said less, is read', () => {
  const [created] = samples as [PoolEvent];
  const { uid, ...rest } = checkpointOf([created, event(1, 'pool.locked', {})]);
  const { paused, epoch, ...said } = rest;
  expect([uid, paused, epoch]).toEqual([expect.any(String), false, undefined]);
  expect(checkpointOf([], { from: { ...said, v: 2 } as never })).toEqual(rest);
});

test('a checkpoint has the uid that a recovery gave to a pool of version 2', () => {
  const [created] = samples as [PoolEvent];
  const { uid, ...old } = created as PoolEvent & { uid: string };
  const events = [old as PoolEvent, event(1, 'pool.suspended', {})];
  expect(checkpointOf(events).uid).toBeUndefined();
  const recovered = event(2, 'pool.recovered', { uid });
  expect(checkpointOf([...events, recovered])).toMatchObject({ uid, epoch: 1 });
});

test('a capture that is ended twice leaves another one alone', async () => {
  const pool = taskPool({ retain: 1 });
  const taken = [capture(pool), capture(pool)];
  const before = checkpointOf(pool.journal);
  taken[0]?.end();
  taken[0]?.end();
  await pool.map(() => 1, [1, 2]).results();
  expect(joinCheckpoint(taken[1]?.parts() ?? [])).toEqual(before);
});

describe('pool.checkpoint()', () => {
  test('stores the state as of the last event', async () => {
    const { work } = noting((n: number) => (n < 3 ? n : never()));
    const journal = new MemoryStore();
    const pool = taskPool({ functions: { work }, journal, retain: 2 });
    pool.map(work, [0, 1, 2, 3, 4, 5], { numConcurrent: 2 });
    pool.map(work, new Set([0, 9]));
    while (pool.totals.fulfilled < 4) await turn();
    await turn();
    await pool.checkpoint();
    const latest = await journal.latestCheckpoint();
    expect(latest?.seq).toBe(pool.snapshot().seq);
    expect(latest?.state).toEqual(checkpointOf(pool.journal));
    expect(JSON.parse(JSON.stringify(latest?.state))).toStrictEqual(latest?.state);
    expect(replay([], { from: latest?.state as never })).toEqual(pool.snapshot());
  });

  test('is all that is needed, once the events before it are gone', async () => {
    const { work } = noting((n: number) => (n < 2 ? n : never()));
    const store = new MemoryStore();
    const pool = taskPool({ functions: { work }, journal: store });
    pool.map(work, [0, 1, { two: [2] }, 3, 4] as never[], { numConcurrent: 2 });
    pool.apply(work, ['same'] as never, { num: 2, groupName: 'same' });
    await turn();
    await pool.checkpoint({ prune: true });
    expect([...store]).toEqual([]);
    const { work: last, calls } = noting();
    const again = await resume(store, { functions: { work: last } });
    await again.gatherAndClose();
    const seen = calls.map(([item, , attempt]) => JSON.stringify([item, attempt]));
    expect(seen.sort()).toEqual(
      ['["same",2]', '["same",2]', '[3,2]', '[4,1]', '[{"two":[2]},2]'].sort(),
    );
    expect(again.totals).toMatchObject({ created: 7, fulfilled: 7 });
  });

  test('may be followed by events, which are applied to it', async () => {
    const { work } = noting(never);
    const journal = new MemoryStore();
    const pool = taskPool({ functions: { work }, journal });
    pool.map(work, [1, 2, 3], { numConcurrent: 2, groupName: 'mine' });
    await turn();
    await pool.checkpoint({ prune: true });
    pool.group('mine').numConcurrent = 3;
    await turn();
    pool.cancel(0);
    const again = await resume(journal, { functions: { work } });
    expect(again.snapshot().tasks).toMatchObject([
      { id: 0, outcome: 'cancelled' },
      { id: 1, state: 'queued', attempt: 2 },
      { id: 2, state: 'queued', attempt: 2 },
    ]);
  });

  test('waits until the events before it are written', async () => {
    const order: string[] = [];
    const { kept, store } = storeOver({
      before: async (batch) => {
        await turn();
        order.push(`wrote up to ${batch.at(-1)?.seq}`);
      },
    });
    store.checkpoint = async (checkpoint) => {
      order.push(`checkpoint of ${checkpoint.seq}`);
      await kept.checkpoint(checkpoint);
    };
    const pool = taskPool({ journal: store });
    pool.lock();
    const checkpoint = pool.checkpoint();
    pool.unlock();
    await checkpoint;
    expect(order).toEqual(['wrote up to 2', 'checkpoint of 1']);
    await pool.gatherAndClose();
    await pool.checkpoint({ prune: true });
    expect(order.at(-1)).toBe('checkpoint of 4');
    expect((await kept.latestCheckpoint())?.state.status).toBe('closed');
  });

  test('takes a store', async () => {
    const pool = taskPool({ name: 'small' });
    await expect(pool.checkpoint()).rejects.toThrow(
      new TypeError('expected a pool whose journal is a store, got TaskPool-small, which has none'),
    );
    await pool.gatherAndClose();
  });

  test('keeps as much as it is told to', async () => {
    const pool = taskPool({ journal: new MemoryStore() });
    for (let n = 0; n < 10; n++) {
      pool.lock();
      pool.unlock();
    }
    await pool.checkpoint({ prune: { keepLast: 5 } });
    expect(pool.journal.firstSeq).toBe(16);
    await expect(pool.checkpoint({ prune: { keepLast: -1 } })).rejects.toThrow();
  });
});

describe.each([
  ['written later', false],
  ['written at once', true],
])('checkpoints by themselves, for a journal that is %s', (_what, sync) => {
  test('come after so many events', async () => {
    const { kept, store } = storeOver({ sync });
    const seqs: number[] = [];
    const states: unknown[] = [];
    store.checkpoint = async (checkpoint) => {
      seqs.push(checkpoint.seq);
      states.push(checkpoint.state);
      expect(kept.nextSeq).toBeGreaterThan(checkpoint.seq);
      await kept.checkpoint(checkpoint);
    };
    const pool = taskPool({ journal: store, checkpoints: { every: 100, prune: true } });
    const events: PoolEvent[] = [...pool.journal];
    pool.on('*', (event) => void events.push(event));
    pool.map(() => turn(), Array(400).keys(), { numConcurrent: 3 });
    await pool.gatherAndClose();
    expect(seqs.length).toBeGreaterThan(5);
    expect(seqs.length).toBeLessThanOrEqual(12);
    for (const [n, seq] of seqs.entries()) {
      expect(seq - (seqs[n - 1] ?? 0)).toBeGreaterThanOrEqual(99);
      expect(states[n]).toEqual(checkpointOf(events, { until: seq }));
    }
    const from = (await kept.latestCheckpoint())?.state as never;
    expect(replay(kept, { from })).toEqual(pool.snapshot());
    expect(kept.firstSeq).toBe((seqs.at(-1) as number) + 1);
  });

  test('that cannot be stored are a failure of the journal', async () => {
    const { store } = storeOver({ sync });
    const error = new Error('no room');
    store.checkpoint = () => Promise.reject(error);
    const pool = taskPool({ journal: store, checkpoints: { every: 10 } });
    const failed: PoolEvent[] = [];
    pool.on('journal.failed', (event) => void failed.push(event));
    pool.map(() => turn(), Array(100).keys());
    await expect(pool.gatherAndClose()).rejects.toThrow(error);
    expect(failed).toHaveLength(1);
    expect(pool.totals.created).toBeLessThan(100);
  });
});

test('a checkpoint keeps whatever was said of a task, and of the keys of limits', () => {
  const limits = {
    host: { concurrent: 1, rate: null },
    api: { concurrent: null, rate: { max: 2, per: 50 } },
  };
  const error = { name: 'Error', message: 'no' };
  const events: PoolEvent[] = [
    event(0, 'pool.created', { kind: 'TaskPool', poolSize: null, retain: 'all', uid: 'u', limits }),
    event(1, 'group.created', {
      group: 'g',
      method: 'map',
      functionName: 'f',
      numConcurrent: null,
      keepResults: 4,
    }),
    ...Array.from({ length: 9 }, (_, id) =>
      event(2 + id, 'task.queued', { id, group: 'g', index: id, item: id }),
    ),
    event(11, 'task.queued', { id: 9, group: 'g', index: 9, keys: { host: 'a', api: true } }),
    ...Array.from({ length: 10 }, (_, id) => event(12 + id, 'task.started', { id })),
    event(22, 'task.ended', {
      id: 0,
      group: 'g',
      attempt: 1,
      outcome: 'fulfilled',
      value: { n: 1 },
    }),
    event(23, 'task.ended', { id: 1, group: 'g', attempt: 1, outcome: 'fulfilled', omitted: true }),
    event(24, 'task.ended', { id: 2, group: 'g', attempt: 1, outcome: 'rejected', error }),
    event(25, 'task.cancelling', { id: 3, reason: 'why' }),
    event(26, 'task.progressed', { id: 4, progress: 0.5 }),
    event(27, 'task.placed', { id: 5, by: 'thread-1' }),
    event(28, 'task.timedOut', { id: 6, which: 'timeout' }),
    event(29, 'task.failed', { id: 7, attempt: 1, error, retryAt: 2_000 }),
    event(30, 'task.prioritised', { id: 8, priority: 3 }),
    event(31, 'limit.paused', { limit: 'host', key: 'z', until: 9_999 }),
    event(32, 'limit.paused', { limit: 'api', key: 'y', until: 9_999 }),
    event(33, 'pool.recovered', {}),
    event(34, 'task.interrupted', { id: 8 }),
  ];
  for (const count of [33, 34, 35]) {
    const from = checkpointOf(events.slice(0, count));
    const said = JSON.parse(JSON.stringify(from)) as typeof from;
    expect(said).toStrictEqual(from);
    expect(checkpointOf([], { from: said })).toStrictEqual(from);
    const whole = replay(events.slice(0, count));
    expect(replay([], { from: said })).toStrictEqual(whole);
  }
  const { tasks, limitKeys } = checkpointOf(events);
  expect(tasks.map(({ id, ...rest }) => rest)).toMatchObject([
    { value: { n: 1 } },
    { omitted: true },
    { error },
    { reason: 'why' },
    { progress: 0.5 },
    { placedBy: 'thread-1' },
    { timedOut: 'timeout' },
    { failures: 1, lastError: error, retryAt: 2_000 },
    { priority: 3, interruptions: 1, attempt: 2 },
    { keys: { host: 'a', api: true } },
  ]);
  expect(limitKeys).toEqual([
    { limit: 'host', key: 'z', starts: [], pausedUntil: 9_999 },
    { limit: 'api', key: true, starts: [1_021] },
    { limit: 'api', key: 'y', starts: [], pausedUntil: 9_999 },
  ]);
});
