/** `pool.submit`: one task, one promise. */

import { expect, test } from 'vitest';
import {
  PoolIsClosed,
  PoolIsLocked,
  ResultsNotRetained,
  replay,
  TaskGroupAlreadyExists,
  type TaskPool,
} from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const double = async (n: number) => n * 2;

test('gives what the function returns, with a context of its own', async () => {
  const pool = taskPool();
  expect(await pool.submit(double, [4])).toBe(8);
  const seen = await pool.submit(
    (n: number, { id, index, groupName }) => ({ n, id, index, groupName }),
    [7],
  );
  expect(seen).toEqual({ n: 7, id: 1, index: 0, groupName: 'submit-anonymous' });
  expect(await pool.submit(() => 'sync')).toBe('sync');
});

test('rejects with what the function throws, and the pool keeps nothing of it', async () => {
  const pool = taskPool();
  const boom = new Error('boom');
  await expect(pool.submit(async () => Promise.reject(boom))).rejects.toBe(boom);
  await expect(
    pool.submit(() => {
      throw boom;
    }),
  ).rejects.toBe(boom);
  expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([]);
});

test('runs in the order of the calls, as many at a time as the pool has room for', async () => {
  const pool = taskPool({ poolSize: 2 });
  const gates = [1, 2, 3, 4].map(() => new Gate<number>());
  const started: number[] = [];
  const run = (n: number) => {
    started.push(n);
    return gates[n]!.promise;
  };
  const results = gates.map((_, n) => pool.submit(run, [n]));
  expect(started).toEqual([]);
  await turn();
  expect(started).toEqual([0, 1]);
  gates[1]!.resolve(10);
  await turn();
  expect(started).toEqual([0, 1, 2]);
  for (const [n, gate] of gates.entries()) gate.resolve(n);
  expect(await Promise.all(results)).toEqual([0, 10, 2, 3]);
});

test('what waits is no task yet', async () => {
  const pool = taskPool({ poolSize: 1 });
  const gate = new Gate();
  const all = Array.from({ length: 5 }, () => pool.submit(() => gate.promise));
  await turn();
  expect(pool.totals.created).toBe(2);
  gate.resolve();
  await Promise.all(all);
  expect(pool.totals.created).toBe(5);
  expect(pool.snapshot().groups).toMatchObject([
    { name: 'submit-anonymous', method: 'submit', created: 5 },
  ]);
});

test('never throws: refusals reject', async () => {
  const pool = taskPool();
  await expect(pool.submit(5 as never)).rejects.toThrow(/expected fn to be a function, got 5/);
  await expect(pool.submit(double, 5 as never)).rejects.toThrow(/expected args to be an array/);
  await expect(pool.submit(double, [1], { nme: 'x' } as never)).rejects.toThrow(/got 'nme'/);
  pool.lock();
  await expect(pool.submit(double, [1])).rejects.toThrow(PoolIsLocked);
  pool.unlock();
  pool.map(double, [1], { groupName: 'mapped' });
  await expect(pool.submit(double, [1], { groupName: 'mapped' })).rejects.toThrow(
    TaskGroupAlreadyExists,
  );
  await pool.gatherAndClose();
  await expect(pool.submit(double, [1])).rejects.toThrow(PoolIsClosed);
});

test('closing finishes what waits, then ends the group', async () => {
  const pool = taskPool({ poolSize: 1 });
  const all = [1, 2, 3].map((n) => pool.submit(double, [n]));
  const types: string[] = [];
  pool.on('*', ({ type }) => {
    if (!type.startsWith('task')) types.push(type);
  });
  await pool.gatherAndClose();
  expect(await Promise.all(all)).toEqual([2, 4, 6]);
  expect(types).toEqual(['pool.closing', 'group.exhausted', 'pool.closed']);
});

test('a pool with nothing submitted that waits or runs is idle', async () => {
  const pool = taskPool();
  await pool.submit(double, [1]);
  await pool.untilIdle();
  const gate = new Gate();
  const result = pool.submit(() => gate.promise);
  let isIdle = false;
  const idle = pool.untilIdle().then(() => {
    isIdle = true;
  });
  await turn();
  expect(isIdle).toBe(false);
  gate.resolve();
  await Promise.all([result, idle]);
});

test('a signal keeps a waiting one from running, and cancels a running one', async () => {
  const pool = taskPool({ poolSize: 1 });
  const controllers = [1, 2, 3].map(() => new AbortController());
  const results = controllers.map(({ signal }) => pool.submit(untilAborted, [], { signal }));
  const outcomes = Promise.allSettled(results);
  await turn();
  controllers[2]!.abort('waiting');
  await turn();
  controllers[1]!.abort('queued');
  await turn();
  controllers[0]!.abort('running');
  expect((await outcomes).map((each) => each.status === 'rejected' && each.reason)).toEqual([
    'running',
    'queued',
    'waiting',
  ]);
  expect(pool.totals).toMatchObject({ created: 2, started: 1, cancelled: 2 });
  const aborted = AbortSignal.abort('before');
  await expect(pool.submit(double, [1], { signal: aborted })).rejects.toBe('before');
});

test('cancelling the group rejects what waits; the next submission makes a new one', async () => {
  const pool = taskPool({ poolSize: 1 });
  const results = Promise.allSettled([1, 2, 3].map(() => pool.submit(untilAborted)));
  await turn();
  pool.cancelGroup('submit-untilAborted', 'enough');
  expect(await results).toEqual(Array(3).fill({ status: 'rejected', reason: 'enough' }));
  const again = pool.submit(untilAborted);
  await turn();
  pool.cancelAll('again');
  await expect(again).rejects.toBe('again');
});

test.each([
  ['the group', (pool: TaskPool, name: string) => pool.cancelGroup(name, 'no')],
  ['everything', (pool: TaskPool) => pool.cancelAll('no')],
])('a subscriber that cancels %s as it is made cancels the submission', async (_, cancel) => {
  const pool = taskPool();
  pool.on('group.created', ({ group }) => cancel(pool, group), { once: true });
  await expect(pool.submit(double, [1], { unique: 'one' })).rejects.toBe('no');
  expect(pool.numPending).toBe(0);
  expect(await pool.submit(double, [2], { unique: 'one' })).toBe(4);
  await pool.gatherAndClose();
});

test('the higher priority starts sooner, then the earlier call', async () => {
  const pool = taskPool({ poolSize: 1 });
  const order: string[] = [];
  const run = async (name: string) => order.push(name);
  const gate = new Gate();
  const all: Promise<unknown>[] = [pool.submit(() => gate.promise)];
  await turn();
  for (const [name, priority] of [
    ['a', 0],
    ['b', 1],
    ['c', 5],
    ['d', 1],
    ['e', -1],
  ] as const) {
    all.push(pool.submit(run, [name], { priority, unique: name }));
  }
  all.push(pool.submit(run, ['f']));
  await turn();
  pool.setPriority('e', 9);
  gate.resolve();
  await Promise.all(all);
  expect(order).toEqual(['e', 'c', 'b', 'd', 'a', 'f']);
});

test('its clocks run from the call', async () => {
  const pool = taskPool({ poolSize: 1 });
  const controller = new AbortController();
  const first = pool.submit(untilAborted, [], { signal: controller.signal });
  const reasons = (
    await Promise.allSettled([
      pool.submit(double, [1], { waitTimeout: 5 }),
      pool.submit(double, [1], { deadline: 6 }),
      pool.submit(double, [1], { deadline: 7 }),
    ])
  ).map((result) => result.status === 'rejected' && result.reason);
  expect(reasons).toMatchObject([
    { code: 'TaskTimedOut', which: 'waitTimeout', ms: 5 },
    { code: 'TaskTimedOut', which: 'deadline', ms: 6 },
    { message: expect.stringMatching(/reached its deadline of 7 ms/) },
  ]);
  controller.abort('over');
  await expect(first).rejects.toBe('over');
});

test('a failure is retried in the same call, and its promise settles once', async () => {
  const pool = taskPool();
  let calls = 0;
  const flaky = async () => {
    calls++;
    if (calls < 3) throw new Error(`failure ${calls}`);
    return calls;
  };
  expect(await pool.submit(flaky, [], { retry: { limit: 5, delay: 1 } })).toBe(3);
  const hopeless = pool.submit(async () => Promise.reject(new Error('no')), [], {
    retry: { limit: 1, delay: 1 },
  });
  await expect(hopeless).rejects.toMatchObject({ message: 'no' });
});

test('a callback belongs to its submission', async () => {
  const pool = taskPool();
  const ended: string[] = [];
  await Promise.all(
    ['a', 'b'].map((name) =>
      pool.submit(double, [1], { endCallback: (id) => ended.push(`${name}${id}`) }),
    ),
  );
  await pool.untilIdle();
  expect(ended).toEqual(['a0', 'b1']);
});

test('its group has no results: they went to the promises', async () => {
  const pool = taskPool();
  await pool.submit(double, [1]);
  const group = pool.group('submit-double');
  expect(() => group.results()).toThrow(ResultsNotRetained);
  expect(() => group.settled()).toThrow(/settled\(\) of a group created by one call/);
  expect(() => group.ordered()).toThrow(ResultsNotRetained);
  expect(() => group[Symbol.asyncIterator]()).toThrow(ResultsNotRetained);
});

test('stopping its group withdraws what waits; it takes further submissions', async () => {
  const pool = taskPool({ poolSize: 1 });
  const gate = new Gate<number>();
  const first = pool.submit(() => gate.promise, [], { groupName: 'g' });
  await turn();
  const second = pool.submit(double, [1], { groupName: 'g' });
  const third = pool.submit(double, [1], { groupName: 'g' });
  await turn();
  pool.group('g').cancelQueued('enough');
  await expect(second).rejects.toBe('enough');
  await expect(third).rejects.toBe('enough');
  const fourth = pool.submit(double, [2], { groupName: 'g' });
  gate.resolve(7);
  expect(await Promise.all([first, fourth])).toEqual([7, 4]);
});

test('a flush forgets a group of which nothing is left', async () => {
  const pool = taskPool();
  await pool.submit(double, [1]);
  await pool.flush();
  expect(pool.snapshot().groups).toEqual([]);
  expect(await pool.submit(double, [2])).toBe(4);
});

test.each(['delayed', 'queued again'])(
  'one that is %s is cancelled, and its promise says so',
  async (when) => {
    const clock = new SimulatedClock();
    const pool = taskPool({ poolSize: 1, clock });
    const fail = async () => Promise.reject(new Error('no'));
    const retried = pool.submit(fail, [], { retry: { limit: 3, delay: 10 }, unique: 'a' });
    const rejected = retried.catch((reason: unknown) => reason);
    await turn();
    if (when === 'queued again') {
      pool.pause();
      await clock.pass(10);
    }
    pool.cancel(['a'], 'enough');
    expect(await rejected).toBe('enough');
    pool.resume();
    await pool.gatherAndClose();
  },
);

test('the first submission with a key of a limit leaves one alone that is delayed', async () => {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock, limits: { host: { concurrent: 1 } } });
  let calls = 0;
  const flaky = async () => {
    calls++;
    if (calls === 1) throw new Error('no');
    return calls;
  };
  const first = pool.submit(flaky, [], { retry: { limit: 1, delay: 10 } });
  await turn();
  expect(pool.numDelayed).toBe(1);
  const second = pool.submit(flaky, [], { limits: { host: 'a' } });
  await turn();
  expect([pool.numDelayed, calls]).toEqual([1, 2]);
  await clock.pass(10);
  expect(await Promise.all([first, second])).toEqual([3, 2]);
  await pool.gatherAndClose();
});

test.each([
  ['all', (pool: TaskPool) => pool.cancelAll()],
  ['the group', (pool: TaskPool) => pool.cancelGroup('submit-double')],
  ['what is queued', (pool: TaskPool) => pool.cancelQueued()],
])('cancelling %s while the pool closes is recorded once', async (_, cancel) => {
  for (const taken of [false, true]) {
    const pool = taskPool({ poolSize: 0 });
    const waiting = [1, 2].map((n) => pool.submit(double, [n]));
    if (taken) await Promise.resolve();
    const closing = pool.gatherAndClose();
    cancel(pool);
    await closing;
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    const events = pool.journal.events();
    expect(events.filter(({ type }) => type === 'group.exhausted')).toHaveLength(1);
    expect(replay(events)).toEqual(pool.snapshot());
  }
});
