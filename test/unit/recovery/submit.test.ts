/** Submissions to a pool whose journal holds its calls. */

import { expect, test } from 'vitest';
import { NotStorable, replay, type TaskPool, waitingSubmissions } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { leftBy, noting, resume } from '../../support/lives.ts';
import { storeOver } from '../../support/memory-like.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

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

test('what waited in one group has its own function each', async () => {
  const { work: one, calls } = noting();
  const { work: other, calls: others } = noting();
  const pool = taskPool({ functions: { one, other }, poolSize: 0 });
  void pool.submit(one, [1], { groupName: 'mine' });
  void pool.submit(other, [2], { groupName: 'mine' });
  await turn();
  const again = await resume(await leftBy(pool), { functions: { one, other } });
  again.poolSize = 1;
  await again.gatherAndClose();
  expect([calls, others].map((each) => each.map(([n]) => n))).toEqual([[1], [2]]);
  pool.cancelAll();
});

test('what waited is called without a context, if it was to be', async () => {
  const counts: number[] = [];
  const work = async (...args: unknown[]) => void counts.push(args.length);
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  void pool.submit(work, ['a', 'b'], { passContext: false });
  void pool.submit(work, ['a', 'b']);
  await turn();
  const again = await resume(await leftBy(pool), { functions: { work } });
  again.poolSize = 1;
  await again.gatherAndClose();
  expect(counts).toEqual([2, 3]);
  pool.cancelAll();
});

test('what cannot be stored is refused', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work } });
  await expect(pool.submit(work, [new Map()])).rejects.toThrow(NotStorable);
  await expect(pool.submit(async () => 1)).rejects.toThrow(NotStorable);
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

const typesOf = (pool: TaskPool, subject: string) =>
  [...pool.journal].flatMap(({ type }) => (type.startsWith(subject) ? [type] : []));

/** The calls that its journal holds, by their indices, in the order in which they were recorded. */
const callsOf = (pool: TaskPool) =>
  [...pool.journal].flatMap((event) =>
    event.type === 'group.submitted' ? event.calls.map(({ index }) => index) : [],
  );

test('what waits is stored by its index in one group, and all of a turn in one event', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  for (const n of [1, 2, 3]) void pool.submit(work, [n], { priority: n });
  await turn();
  void pool.submit(work, [4]);
  await turn();
  expect(typesOf(pool, 'group')).toEqual(['group.created', 'group.submitted', 'group.submitted']);
  const submitted = [...pool.journal].flatMap((event) =>
    event.type === 'group.submitted' ? event.calls : [],
  );
  expect(submitted).toEqual([
    { index: 0, args: [1], priority: 1 },
    { index: 1, args: [2], priority: 2 },
    { index: 2, args: [3], priority: 3 },
    { index: 3, args: [4] },
  ]);
  expect(pool.snapshot().groups).toMatchObject([{ name: 'submit-work', waiting: 3, created: 1 }]);
  expect(replay([...pool.journal])).toEqual(pool.snapshot());
  pool.poolSize = 1;
  await pool.gatherAndClose();
});

test('what is withdrawn before it is a task is so in one event for each turn, and runs never', async () => {
  const { work, calls } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  const controller = new AbortController();
  const { signal } = controller;
  const all = [1, 2, 3, 4].map((n) => pool.submit(work, [n], n % 2 === 0 ? { signal } : {}));
  const outcomes = Promise.allSettled(all);
  await turn();
  controller.abort('enough');
  // Made and withdrawn in one turn: the journal need not know.
  await expect(pool.submit(work, [5], { signal })).rejects.toBe('enough');
  await turn();
  expect([...pool.journal].filter(({ type }) => type === 'group.withdrawn')).toMatchObject([
    { group: 'submit-work', indices: [1, 3] },
  ]);
  expect(typesOf(pool, 'task')).toEqual(['task.queued']);
  const again = await resume(await leftBy(pool), { functions: { work }, poolSize: 1 });
  await again.gatherAndClose();
  expect(calls.map(([n]) => n)).toEqual([1, 3]);
  pool.cancelAll('over');
  await outcomes;
});

test('recovery brings back the order, priorities and keys of limits', async () => {
  const { work, calls } = noting();
  const limits = { host: { concurrent: 1 } };
  const pool = taskPool({ functions: { work }, poolSize: 0, limits });
  for (const [n, priority] of [
    [0, 0],
    [1, 0],
    [2, 5],
    [3, 1],
  ] as const) {
    void pool.submit(work, [n], { priority, unique: `key ${n}`, groupName: 'g' });
  }
  void pool.submit(work, [4], { limits: { host: 'a' } });
  await turn();
  pool.setPriority('key 1', 9);
  await turn();
  const again = await resume(await leftBy(pool), { functions: { work }, poolSize: 1 });
  again.group('submit-work').pause();
  await turn();
  expect(again.snapshot().groups).toMatchObject([{ name: 'g' }, { name: 'submit-work' }]);
  again.group('submit-work').resume();
  await again.gatherAndClose();
  const order = calls.map(([n]) => n);
  // The task that was made of the first waits already, and the other group has its turn in between.
  expect(order.filter((n) => n !== 4)).toEqual([1, 2, 3, 0]);
  const queued = [...again.journal].flatMap((e) => (e.type === 'task.queued' ? [e.keys] : []));
  expect(queued).toContainEqual({ host: 'a' });
  pool.cancelAll();
});

test('whoever submits a key that was recovered joins what it has', async () => {
  const gate = new Gate<string>();
  const work = async (n: number) => `${n} ${await gate.promise}`;
  const pool = taskPool({ functions: { work }, poolSize: 1 });
  void pool.submit(work, [1], { unique: 'running' });
  void pool.submit(work, [2], { unique: 'waiting' });
  void pool.submit(work, [3], { unique: 'later' });
  await turn();
  const again = await resume(await leftBy(pool), { functions: { work } });
  const joined = ['running', 'waiting', 'later'].map((unique) =>
    again.submit(work, [9], { unique }),
  );
  await expect(again.submit(work, [9], { unique: 'later', onDuplicate: 'refuse' })).rejects.toThrow(
    /'later'/,
  );
  expect(again.explain('later').group).toBe('submit-work');
  gate.resolve('done');
  expect(await Promise.all(joined)).toEqual(['1 done', '2 done', '3 done']);
  expect(again.totals).toMatchObject({ fulfilled: 3 });
  await again.gatherAndClose();
  await pool.gatherAndClose();
});

test('what replaces another one is recovered, and starts when that has ended', async () => {
  const { work, calls } = noting();
  const run = async (n: number, { signal }: { signal: AbortSignal }) =>
    n === 1 ? untilAborted({ signal } as never) : work(n, { id: 0, attempt: 0 });
  const pool = taskPool({ functions: { run } });
  const first = pool.submit(run, [1], { unique: 'a' });
  await turn();
  const never = new Gate();
  pool.pause();
  void pool.submit(run, [2], { unique: 'a', onDuplicate: 'replace' }).catch(() => {});
  await expect(first).rejects.toMatchObject({ code: 'DuplicateTask' });
  await turn();
  const events = [...pool.journal];
  for (let until = 3; until < events.length; until++) {
    calls.length = 0;
    const left = await leftBy(pool, until);
    const again = await resume(left, { functions: { run } });
    again.resume();
    const mayBeFirst = again.submit(run, [3], { unique: 'b' });
    await mayBeFirst;
    const isStored = events
      .slice(0, until + 1)
      .some((e) => e.type === 'group.submitted' && e.calls.some(({ args }) => args?.[0] === 2));
    if (!isStored) again.cancelAll();
    await again.gatherAndClose({ returnExceptions: true });
    expect(calls.map(([n]) => n)).toEqual(isStored ? expect.arrayContaining([2, 3]) : [3]);
    expect(replay([...again.journal])).toEqual(again.snapshot());
  }
  never.resolve();
  pool.resume();
  await pool.gatherAndClose();
});

test('policies are recovered, clocks run from the call, and a failure that nobody joined is kept', async () => {
  const clock = new SimulatedClock(1_000);
  let tries = 0;
  const fail = async () => {
    tries++;
    throw new Error(`failure ${tries}`);
  };
  const functions = { fail };
  const pool = taskPool({ functions, poolSize: 0, clock });
  const late = pool.submit(fail, [], { waitTimeout: 100, unique: 'late' });
  late.catch(() => {});
  const retried = { retry: { limit: 2, delay: 10 }, groupName: 'retried' } as const;
  pool.submit(fail, [], retried).catch(() => {});
  pool.submit(fail, [], { ...retried, waitTimeout: 50 }).catch(() => {});
  await turn();
  const left = await leftBy(pool);
  await clock.pass(60);
  const again = await resume(left, { functions, poolSize: 0, clock });
  await turn();
  expect(again.totals.rejected).toBe(0);
  await clock.pass(1);
  await turn();
  // Of the two that wait in the second group the one with a clock was too late as soon as it was back.
  expect(again.numPending).toBe(2);
  again.group('submit-fail').pause();
  again.poolSize = 1;
  for (let step = 0; step < 10; step++) {
    await clock.pass(10);
    await turn();
  }
  expect(tries).toBe(3);
  const errors = (await again.flush({ returnExceptions: true })) as Error[];
  expect(errors.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^submission 1 of 'retried' has reached its waitTimeout of 50 ms/),
      expect.stringMatching(/reached its waitTimeout of 100 ms/),
      'failure 3',
    ]),
  );
  await again.gatherAndClose();
  await clock.pass(1_000);
  pool.cancelAll();
});

test('a checkpoint holds what waits and what its tasks are called with', async () => {
  const { store, kept } = storeOver();
  const { work, calls } = noting(() => new Promise(() => {}));
  const pool = taskPool({ journal: store, functions: { work }, poolSize: 1 });
  for (const n of [1, 2, 3]) void pool.submit(work, [{ n }], { unique: `key ${n}` });
  await turn();
  pool.cancel(['key 2'], 'no');
  await turn();
  await pool.checkpoint({ prune: true });
  calls.length = 0;
  const done = noting();
  const again = await resume(kept, { functions: { work: done.work } });
  const joined = again.submit(work, [0], { unique: 'key 3' });
  await joined;
  // The next call gets the next index.
  void again.submit(done.work, [{ n: 4 }]);
  await again.gatherAndClose();
  expect(done.calls.map(([item]) => item)).toEqual([{ n: 1 }, { n: 3 }, { n: 4 }]);
  const indices = [...again.journal].flatMap((e) => (e.type === 'task.queued' ? [e.index] : []));
  expect(indices).toEqual([3]);
});

test('functions that a call needs are given again, or the recovery is refused', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  void pool.submit(work, [1], { isCancellation: () => true });
  await turn();
  const left = await leftBy(pool);
  await expect(resume(left, { functions: { work } })).rejects.toThrow(/isCancellation/);
  const groups = { 'submit-work': { isCancellation: () => true } };
  await expect(resume(left, { functions: {}, groups })).rejects.toThrow(/functions to have work/);
  const again = await resume(left, { functions: { work }, groups, poolSize: 1 });
  await again.gatherAndClose();
  expect(again.totals.fulfilled).toBe(1);
  pool.cancelAll();
});

test('only the functions of calls that have not ended must be given again', async () => {
  const { work: first } = noting();
  const { work, calls } = noting();
  const pool = taskPool({ functions: { first, work } });
  await pool.submit(first, [0], { groupName: 'mine' });
  pool.pause();
  for (const n of [1, 2]) void pool.submit(work, [n], { groupName: 'mine' });
  await turn();
  const again = await resume(await leftBy(pool), { functions: { work } });
  again.resume();
  await again.gatherAndClose();
  expect(calls.map(([n]) => n)).toEqual([1, 2]);
  pool.cancelAll();
});

test('a closed pool without functions is recovered with its submissions', async () => {
  const pool = taskPool();
  await pool.submit(async () => 1);
  await pool.gatherAndClose();
  const again = await resume(await leftBy(pool), { functions: {} });
  expect(again).toMatchObject({ isClosed: true, totals: { fulfilled: 1 } });
});

test('submissions that waited for others with their keys follow in the order of their release, in each process', async () => {
  const order: string[] = [];
  const end = new Gate();
  const work = async (name: string, { signal }: { signal: AbortSignal }) => {
    order.push(name);
    if (!name.startsWith('runs')) return;
    await untilAborted({ signal } as never).catch(() => {});
    if (name === 'runs with b') await end.promise;
    signal.throwIfAborted();
  };
  const functions = { work };
  const pool = taskPool({ functions, poolSize: 2 });
  const submit = (name: string, options = {}) =>
    void pool.submit(work, [name], options).catch(() => {});
  for (const unique of ['a', 'b']) submit(`runs with ${unique}`, { unique });
  await turn();
  pool.pause();
  submit('first');
  submit('released last', { unique: 'b', onDuplicate: 'replace' });
  submit('released', { unique: 'a', onDuplicate: 'replace' });
  submit('called last');
  await turn();
  expect(waitingSubmissions(pool, 'submit-work').submissions).toMatchObject([
    { index: 5, isHeld: false },
    { index: 4, isHeld: false },
    { index: 3, isHeld: true },
  ]);
  let left = await leftBy(pool);
  // In the second process the other task is over, so the last one is released.
  for (let life = 2; life <= 3; life++) left = await leftBy(await resume(left, { functions }));
  order.length = 0;
  const last = await resume(left, { functions });
  last.resume();
  await last.gatherAndClose();
  expect(order).toEqual(['first', 'called last', 'released', 'released last']);
  pool.cancelAll();
  end.resolve();
});

test('what replaces a task of a later group is recovered after it', async () => {
  const { work, calls } = noting();
  const run = async (n: number, { signal }: { signal: AbortSignal }) =>
    n === 1 ? untilAborted({ signal } as never) : work(n, { id: 0, attempt: 0 });
  const functions = { run };
  const pool = taskPool({ functions });
  await pool.submit(run, [0], { groupName: 'first' });
  pool.submit(run, [1], { groupName: 'second', unique: 'a' }).catch(() => {});
  await turn();
  pool.pause();
  const replaced = { unique: 'a', onDuplicate: 'replace' } as const;
  void pool.submit(run, [2], { groupName: 'first', ...replaced });
  await turn();
  const cancelling = [...pool.journal].findIndex(({ type }) => type === 'task.cancelling');
  for (const until of [cancelling - 1, cancelling]) {
    calls.length = 0;
    const again = await resume(await leftBy(pool, until), { functions });
    again.resume();
    await again.gatherAndClose();
    expect(calls.map(([n]) => n)).toEqual([2]);
    expect([...again.journal].filter(({ type }) => type === 'task.cancelling')).toMatchObject([
      { reason: { message: "replaced by another submission with the key 'a'" } },
    ]);
  }
  pool.resume();
  await pool.gatherAndClose();
});

test('recovered submissions wait for their keys of limits', async () => {
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await turn();
    running--;
  };
  const pool = taskPool({ functions: { work }, poolSize: 0, limits: { host: { concurrent: 2 } } });
  for (let n = 0; n < 5; n++) void pool.submit(work, [], { limits: { host: 'a' } });
  await turn();
  const again = await resume(await leftBy(pool), { functions: { work }, poolSize: 9 });
  void again.submit(work, [], { limits: { host: 'a' } });
  await again.gatherAndClose();
  expect([again.totals.fulfilled, most]).toEqual([6, 2]);
  const indices = [...again.journal].flatMap((e) => (e.type === 'task.queued' ? [e.index] : []));
  expect(indices).toEqual([0, 1, 2, 3, 4, 5]);
  pool.cancelAll();
});

test('many calls of one turn are stored in few events, and withdrawn in few', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  const count = 10_000;
  for (let n = 0; n < count; n++) void pool.submit(work, [n]);
  void pool.submit(work, ['x'.repeat(200_000)]);
  void pool.submit(work, ['x'.repeat(200_000)]);
  await pool.untilDurable();
  // A thousand in each at the most, and 256 KiB.
  expect(typesOf(pool, 'group.submitted')).toHaveLength(12);
  pool.cancelAll();
  await turn();
  expect(typesOf(pool, 'group.withdrawn')).toHaveLength(11);
  expect(pool.numPending).toBe(0);
});

test('many calls of one turn are recorded with turns of the event loop in between, each before its task', async () => {
  const { work, calls } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 2 });
  const count = 5_000;
  const firstTurn = new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < count; n++) void pool.submit(work, [n], n === 4_321 ? { priority: 1 } : {});
  await firstTurn;
  const numRecorded = callsOf(pool).length;
  expect(numRecorded).toBeGreaterThan(0);
  expect(numRecorded).toBeLessThan(count);
  pool.pause();
  await pool.untilDurable();
  // The most important one did not wait for those before it, and each is there once.
  expect(callsOf(pool).indexOf(4_321)).toBeLessThan(1_001);
  expect(callsOf(pool).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: count }, (_, n) => n),
  );
  expect(calls[0]?.[0]).toBe(4_321);
  const again = await resume(await leftBy(pool), { functions: { work } });
  again.resume();
  await again.gatherAndClose();
  expect(calls).toHaveLength(count);
  pool.cancelAll();
});

test('the most important of many large calls is recorded at once, and each call once and before its task', async () => {
  const { work, calls } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 1 });
  const large = 'x'.repeat(150_000);
  const submitted = [large, large, large, 'important', large].map((item) =>
    pool.submit(work, [item], item === large ? {} : { priority: 1 }),
  );
  await Promise.all(submitted);
  expect(calls.map(([item]) => item === 'important')).toEqual([true, ...Array(4).fill(false)]);
  const recorded: number[] = [];
  for (const event of pool.journal) {
    if (event.type === 'group.submitted') recorded.push(...event.calls.map(({ index }) => index));
    if (event.type === 'task.queued') expect(recorded).toContain(event.index);
  }
  expect(recorded.indexOf(3)).toBeLessThan(2);
  expect(recorded.sort()).toEqual([0, 1, 2, 3, 4]);
  await pool.gatherAndClose();
});

test('a checkpoint and a suspension have all calls so far, however many of a turn', async () => {
  const { work } = noting();
  for (const end of ['checkpoint', 'suspend'] as const) {
    const { store } = storeOver();
    const pool = taskPool({ functions: { work }, poolSize: 0, journal: store });
    for (let n = 0; n < 3_000; n++) pool.submit(work, [n]).catch(() => {});
    await pool[end]();
    expect(callsOf(pool)).toHaveLength(3_000);
    if (end === 'checkpoint') pool.cancelAll();
  }
});

test('nothing is written of submissions that wait as they did', async () => {
  const { work } = noting();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  void pool.submit(work, ['head']).catch(() => {});
  void pool.submit(work, ['free'], { unique: 'a' }).catch(() => {});
  void pool.submit(work, ['first'], { unique: 'b', priority: -1 }).catch(() => {});
  await pool.untilDurable();
  await turn();
  const store = await leftBy(pool);
  const { nextSeq } = store;
  const again = await resume(store, { functions: { work } });
  await again.untilDurable();
  const types = [...again.journal].filter(({ seq }) => seq >= nextSeq).map(({ type }) => type);
  expect(types).not.toContain('group.submitted');
  for (const each of [pool, again]) each.cancelAll();
  await again.gatherAndClose();
});
