import { describe, expect, test } from 'vitest';
import { type PoolEvent, ResultsNotRetained, replay } from 'xstate-taskpool';
import { leftBy, noting, resume, storeWith } from '../../support/lives.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

/** A pool that has run some of ten items when its process dies. */
async function someOfTen() {
  const gate = new Gate();
  const { work, calls } = noting((n: number) => (n % 4 === 3 ? gate.promise : n));
  const functions = { work };
  const pool = taskPool({ name: 'lives', functions });
  pool.map(work, [...Array(10).keys()], { numConcurrent: 2, groupName: 'ten' });
  while (pool.totals.fulfilled < 6) await turn();
  return { pool, functions, calls, gate };
}

test('what ended is not run again, what ran is, and then comes the rest', async () => {
  const { pool } = await someOfTen();
  const store = await leftBy(pool);
  const { work, calls } = noting();
  const again = await resume(store, { functions: { work } });
  await again.gatherAndClose();
  expect(calls).toEqual([
    [3, 3, 2],
    [7, 7, 2],
    [8, 8, 1],
    [9, 9, 1],
  ]);
  expect(again.totals).toMatchObject({ created: 10, fulfilled: 10, started: 12 });
  expect(replay(store)).toEqual(again.snapshot());
});

test('the pool is as it was, and its journal goes on', async () => {
  const { pool, functions } = await someOfTen();
  pool.poolSize = 7;
  const store = await leftBy(pool);
  const before = pool.snapshot();
  const again = await resume(store, { functions });
  expect(again.journal).toBe(store);
  expect(again.name).toBe('lives');
  expect(String(again)).toBe('TaskPool-lives');
  const written = store.events({ fromSeq: before.seq + 1 });
  expect(written.map(({ type }) => type)).toEqual([
    'pool.recovered',
    'task.interrupted',
    'task.interrupted',
  ]);
  expect(again.snapshot()).toEqual({
    ...before,
    seq: before.seq + 3,
    numRunning: 0,
    numQueued: 2,
    groups: [{ ...before.groups[0], running: 0 }],
    tasks: before.tasks.map((task) => {
      const { startedAt, ...rest } = task;
      return task.state === 'running'
        ? { ...rest, state: 'queued', attempt: 2, interruptions: 1 }
        : task;
    }),
  });
  expect(again.task(3).attempt).toBe(2);
  expect(again.task(3).actor.getSnapshot()).toMatchObject({
    value: 'queued',
    context: { id: 3, group: 'ten', index: 3, attempt: 2 },
  });
});

test('a task that was queued is run again too: the journal may not know that it ran', async () => {
  const { work, calls } = noting(() => new Promise(() => {}));
  const pool = taskPool({ functions: { work } });
  pool.map(work, ['only']);
  await turn();
  const queued = [...pool.journal].find(({ type }) => type === 'task.queued');
  const again = await resume(await leftBy(pool, queued?.seq), { functions: { work } });
  calls.length = 0;
  while (again.numRunning === 0) await turn();
  expect(calls).toEqual([['only', 0, 2]]);
  expect(again.snapshot().tasks).toMatchObject([{ id: 0, attempt: 2, state: 'running' }]);
});

test('a pool can die any number of times', async () => {
  const { work, calls } = noting(() => new Promise(() => {}));
  const functions = { work };
  let pool = taskPool({ functions });
  pool.apply(work, ['x'], { num: 2 });
  await turn();
  for (let attempt = 2; attempt < 6; attempt++) {
    calls.length = 0;
    pool = await resume(await leftBy(pool), { functions });
    while (pool.numRunning < 2) await turn();
    expect(calls).toEqual([
      ['x', 0, attempt],
      ['x', 1, attempt],
    ]);
  }
  expect(replay(pool.journal)).toEqual(pool.snapshot());
});

test('dying at any event loses nothing', async () => {
  const { pool, functions, gate } = await someOfTen();
  gate.resolve();
  await pool.gatherAndClose();
  for (const { seq, type } of [...pool.journal].slice(2)) {
    const done = new Set(
      [...pool.journal].slice(0, seq + 1).flatMap((e) => (e.type === 'task.ended' ? [e.id] : [])),
    );
    const store = await leftBy(pool, seq);
    const { work, calls } = noting();
    const again = await resume(store, { functions: { ...functions, work } });
    await again.gatherAndClose();
    expect(again.totals, type).toMatchObject({ created: 10, fulfilled: 10 });
    expect(calls.map(([n]) => n).sort()).toEqual(
      [...Array(10).keys()].filter((id) => !done.has(id)),
    );
    expect(replay(store)).toEqual(again.snapshot());
  }
});

test('who gets the pool can subscribe before anything runs', async () => {
  const { pool, functions } = await someOfTen();
  const wrapped = async () => resume(await leftBy(pool), { functions });
  const again = await (async () => wrapped())();
  const seen: PoolEvent[] = [];
  again.on('*', (event) => void seen.push(event));
  expect(again.numRunning).toBe(0);
  while (again.numRunning < 2) await turn();
  expect(seen.map(({ type }) => type)).toEqual(['task.started', 'task.started']);
});

describe('every way to make tasks', () => {
  const seen: unknown[][] = [];
  const args = async (...given: unknown[]) => void seen.push(given.slice(0, -1));
  const bare = async (...given: unknown[]) => void seen.push(given);
  const functions = { args, bare };
  const died = async (make: (pool: ReturnType<typeof taskPool>) => unknown) => {
    const pool = taskPool({ functions, poolSize: 0 });
    make(pool);
    await turn();
    const store = await leftBy(pool);
    seen.length = 0;
    const again = await resume(store, { functions, poolSize: 2 });
    expect(again.poolSize).toBe(2);
    await again.gatherAndClose();
    expect(replay(store)).toEqual(again.snapshot());
    return seen;
  };

  test('apply', async () => {
    expect(await died((pool) => pool.apply(args, [1, { two: [null] }], { num: 3 }))).toEqual(
      Array(3).fill([1, { two: [null] }]),
    );
  });

  test('map', async () => {
    expect(await died((pool) => pool.map(args, ['a', null, [1], { b: 1 }]))).toEqual([
      ['a'],
      [null],
      [[1]],
      [{ b: 1 }],
    ]);
  });

  test('starmap', async () => {
    const tuples: unknown[][] = [[1, 2], [], ['x']];
    expect(await died((pool) => pool.starmap(args, tuples as never))).toEqual(tuples);
  });

  test('doublestarmap', async () => {
    expect(await died((pool) => pool.doublestarmap(args, [{ a: 1 }]))).toEqual([[{ a: 1 }]]);
  });

  test('without a context', async () => {
    expect(await died((pool) => pool.map(bare, [1], { passContext: false }))).toEqual([[1]]);
    expect(await died((pool) => pool.apply(bare, [1, 2], { passContext: false }))).toEqual([
      [1, 2],
    ]);
  });

  test('thousands of items', async () => {
    const items = [...Array(2500).keys()];
    expect(await died((pool) => pool.map(args, items))).toEqual(items.map((n) => [n]));
  });

  test('no items at all', async () => {
    expect(await died((pool) => pool.map(args, []))).toEqual([]);
    expect(await died((pool) => pool.apply(args, [], { num: 0 }))).toEqual([]);
  });
});

describe('what ended in an earlier life', () => {
  test('has no results any more, and says so', async () => {
    const { pool, functions } = await someOfTen();
    const again = await resume(await leftBy(pool), { functions });
    const group = again.group('ten');
    const refusal = new ResultsNotRetained(
      "expected the results of 6 ended tasks of 'ten', got 0: the others ended before the pool was " +
        'recovered, and its journal does not hold them. Use keepResults.',
    );
    await expect(group.results()).rejects.toThrow(refusal);
    await expect(group.settled()).rejects.toThrow(refusal);
    await expect(group[Symbol.asyncIterator]().next()).rejects.toThrow(refusal);
    expect(group.progress).toEqual({ created: 8, ended: 6, planned: 10 });
  });

  test('nothing: then results are there', async () => {
    const { work } = noting((n: number) => -n);
    const pool = taskPool({ functions: { work }, poolSize: 0 });
    pool.map(work, [1, 2, 3], { groupName: 'mine' });
    await turn();
    const again = await resume(await leftBy(pool), { functions: { work }, poolSize: 1 });
    expect(await again.group('mine').results()).toEqual([-1, -2, -3]);
  });

  test('a source that failed is not taken for one that had no items', async () => {
    const work = async () => {};
    const pool = taskPool({ functions: { work }, retain: 'all' });
    // biome-ignore lint/correctness/useYield: it fails before
    const failing = function* (): Generator<number> {
      throw new Error('no items');
    };
    pool.map(work, failing(), { groupName: 'mine' });
    await turn();
    const again = await resume(await leftBy(pool), { functions: { work } });
    await expect(again.group('mine').results()).rejects.toThrow(ResultsNotRetained);
    expect(await again.gatherAndClose()).toEqual([]);
  });
});

describe('the state of the pool', () => {
  const functions = { untilAborted };

  test('a locked pool stays locked', async () => {
    const pool = taskPool({ functions });
    pool.lock();
    const again = await resume(await leftBy(pool), { functions });
    expect(again.isLocked).toBe(true);
    again.unlock();
    again.apply(untilAborted);
  });

  test('a closing pool goes on closing', async () => {
    const { pool, functions, gate } = await someOfTen();
    void pool.gatherAndClose();
    await turn();
    const again = await resume(await leftBy(pool), { functions });
    gate.resolve();
    expect(() => again.apply(functions.work, [1])).toThrow(/closing/);
    await again.untilClosed();
    expect(again.totals.fulfilled).toBe(10);
    expect(await again.gatherAndClose()).toEqual([]);
    const ends = [...again.journal].filter(({ type }) => /pool.clos/.test(type));
    expect(ends.map(({ type }) => type)).toEqual(['pool.closing', 'pool.closed']);
  });

  test('a closed pool comes back closed, and nothing is written', async () => {
    const pool = taskPool({ functions });
    await pool.gatherAndClose();
    const store = await leftBy(pool);
    const again = await resume(store, { functions: {}, signal: AbortSignal.abort() });
    expect(again.isClosed).toBe(true);
    await again.untilClosed();
    await again.gatherAndClose();
    expect(store.nextSeq).toBe(pool.journal.nextSeq);
    expect(() => again.apply(untilAborted)).toThrow(/gatherAndClose\(\).+new journal.+suspend\(\)/);
  });

  test('a paused group stays paused, with the limit that it had', async () => {
    const { work, calls } = noting();
    const pool = taskPool({ functions: { work } });
    const group = pool.map(work, [1, 2, 3], { groupName: 'mine' });
    group.pause();
    group.numConcurrent = 3;
    await turn();
    const again = await resume(await leftBy(pool), { functions: { work } });
    await turn();
    await turn();
    expect(calls).toEqual([]);
    expect(again.group('mine')).toMatchObject({ isPaused: true, numConcurrent: 3 });
    again.group('mine').resume();
    await again.gatherAndClose();
    expect(calls).toHaveLength(3);
  });

  test('generated names go on', async () => {
    const pool = taskPool({ functions });
    pool.apply(untilAborted);
    pool.apply(untilAborted, [], { groupName: 'apply-untilAborted-group-1' });
    const last = pool.apply(untilAborted);
    expect(last.name).toBe('apply-untilAborted-group-2');
    const again = await resume(await leftBy(pool), { functions });
    expect(again.apply(untilAborted).name).toBe('apply-untilAborted-group-3');
    expect(again.group(last.name).ids).toEqual(new Set([2]));
  });

  test('nor are generated names of groups that are forgotten given again', async () => {
    const { work } = noting();
    const pool = taskPool({ functions: { work }, retain: 'none' });
    await pool.map(work, [1]).results();
    expect(pool.snapshot().groups).toEqual([]);
    const again = await resume(await leftBy(pool), { functions: { work } });
    expect(again.map(work, [2]).name).toBe('map-work-group-1');
  });

  test('retention goes on', async () => {
    const { work } = noting();
    const pool = taskPool({ functions: { work }, retain: 3 });
    await pool.map(work, [1, 2, 3, 4]).results();
    const again = await resume(await leftBy(pool), { functions: { work } });
    await again.map(work, [5, 6]).results();
    expect(again.snapshot().tasks.map(({ id }) => id)).toEqual([3, 4, 5]);
  });

  test('a signal closes the recovered pool', async () => {
    const { pool, functions } = await someOfTen();
    const controller = new AbortController();
    const { signal } = controller;
    const again = await resume(await leftBy(pool), { functions, signal });
    controller.abort('over');
    await again.untilClosed();
    expect(again.totals).toMatchObject({ created: 8, cancelled: 2 });
  });
});

test('interrupted tasks of several groups take turns, before new items of their groups', async () => {
  const { work, calls } = noting();
  const hold = () => new Promise(() => {});
  const first = taskPool({ functions: { a: hold, b: work } });
  first.map(hold, [0, 1, 2, 3, 4, 5], { numConcurrent: 3, groupName: 'a' });
  await turn();
  first.map(work, [10, 11, 12], { numConcurrent: 2, groupName: 'b' });
  const begun = [...first.journal];
  await turn();
  const store = await storeWith([...first.journal].slice(0, begun.length + 4));
  const again = await resume(store, { functions: { a: work, b: work }, poolSize: 1 });
  calls.length = 0;
  await again.gatherAndClose();
  expect(calls.map(([item, , attempt]) => [item, attempt])).toEqual([
    [0, 2],
    [10, 2],
    [1, 2],
    [11, 2],
    [2, 2],
    [12, 1],
    [3, 1],
    [4, 1],
    [5, 1],
  ]);
});

test('who was queued first waits in front, whichever group was there first', async () => {
  const hold = () => new Promise(() => {});
  const first = taskPool({ functions: { hold } });
  first.map(hold, ['late'], { groupName: 'a' }).pause();
  first.map(hold, ['early'], { groupName: 'b' });
  await turn();
  first.group('a').resume();
  await turn();
  const { work, calls } = noting();
  const again = await resume(await leftBy(first), { functions: { hold: work }, poolSize: 1 });
  await again.gatherAndClose();
  expect(calls.map(([item]) => item)).toEqual(['early', 'late']);
});

test('a function may change its item at any attempt', async () => {
  const seen: unknown[] = [];
  const work = async (item: { list: number[] }, { attempt }: { attempt: number }) => {
    item.list.push(attempt);
    seen.push(item);
    if (attempt < 3) await new Promise(() => {});
  };
  const functions = { work };
  let pool = taskPool({ functions });
  pool.map(work, [{ list: [] }]);
  pool.apply(work, [{ list: [] as number[] }]);
  while (pool.numRunning < 2) await turn();
  for (let attempt = 2; attempt <= 3; attempt++) {
    pool = await resume(await leftBy(pool), { functions });
    while (seen.length < 2 * attempt) await turn();
  }
  await pool.gatherAndClose();
  expect(seen).toEqual([1, 1, 2, 2, 3, 3].map((attempt) => ({ list: [attempt] })));
});

test('what waits to be run again can be cancelled', async () => {
  const { work, calls } = noting(() => new Promise(() => {}));
  const pool = taskPool({ functions: { work } });
  pool.map(work, [0, 1, 2, 3, 4], { numConcurrent: 4, groupName: 'mine' });
  await turn();
  const again = await resume(await leftBy(pool), { functions: { work }, poolSize: 0 });
  again.cancel(2);
  again.cancel(0);
  expect([...again.group('mine').ids].map((id) => again.task(id).state)).toEqual([
    'ended',
    'queued',
    'ended',
    'queued',
  ]);
  calls.length = 0;
  again.poolSize = 10;
  while (again.numRunning < 3) await turn();
  expect(calls.map(([item]) => item)).toEqual([1, 3, 4]);
  again.cancelAll();
  expect(again.numQueued).toBe(0);
});
