/** Calls that run elsewhere, and outlive the process of their pool. */

import { describe, expect, test } from 'vitest';
import { type RemoteCall, replay, type TaskContext, TaskTimedOut } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { leftBy, resume } from '../../support/lives.ts';
import { Gate, Log, taskPool, turn, untilAborted } from '../../support/pools.ts';
import { elsewhere } from '../../support/remote.ts';
import { Time } from '../../support/time.ts';

/** A function whose calls of an earlier process are all continued by this one. */
const continuedBy = (call: (context: TaskContext) => Promise<unknown>) =>
  elsewhere({ reattach: async (known) => known.map(() => call) });

/** A pool with a limit in time of 100 ms and a call that was placed this long ago. */
async function placedFor(ms: number, clock: SimulatedClock) {
  const { fn, calls } = elsewhere();
  const pool = taskPool({ functions: { far: fn }, clock });
  pool.map(fn, ['a'], { timeout: 100 });
  await clock.pass(0);
  calls[0]?.context?.placed('host-a');
  await clock.pass(ms);
  return pool;
}

/** What a pool left that ran two calls elsewhere, of which the first was placed. */
async function leftRunning(options: Parameters<typeof taskPool>[0] = {}) {
  const { fn, calls } = elsewhere();
  const pool = taskPool({ functions: { far: fn }, name: 'mine', poolSize: 2, ...options });
  pool.map(fn, ['a', 'b', 'c'], { numConcurrent: 3, groupName: 'g' });
  await turn();
  calls[0]?.context?.placed('host-a');
  return { pool, store: await leftBy(pool) };
}

describe('a recovery asks the function that runs elsewhere', () => {
  test('and what it gives settles the task: no new attempt', async () => {
    const { pool, store } = await leftRunning();
    const asked: RemoteCall[] = [];
    const { fn, calls } = elsewhere({
      reattach: async (known) => {
        asked.push(...known);
        return known.map(({ args }) => (args[0] === 'a' ? async () => 'kept' : undefined));
      },
    });
    const again = await resume(store, { functions: { far: fn } });
    const uid = (pool.journal.events()[0] as { uid?: string }).uid;
    const identity = { name: 'mine', uid, epoch: 0 };
    expect(asked).toEqual([
      { pool: identity, id: 0, attempt: 1, index: 0, groupName: 'g', args: ['a'], isPassed: true },
      { pool: identity, id: 1, attempt: 1, index: 1, groupName: 'g', args: ['b'], isPassed: true },
    ]);
    expect(again.task(0)).toMatchObject({ state: 'running', attempt: 1, placedBy: 'host-a' });
    expect(again.task(1)).toMatchObject({ state: 'queued', attempt: 2 });
    await turn();
    expect(again.task(0)).toMatchObject({ outcome: 'fulfilled', attempt: 1 });
    expect(await again.task(0).result()).toBe('kept');
    // The one that was lost, and the one that had not started.
    expect(calls.map(({ args, context }) => [args[0], context?.attempt])).toEqual([
      ['b', 2],
      ['c', 1],
    ]);
    expect(calls.map(({ context }) => context?.pool.epoch)).toEqual([1, 1]);
    for (const call of calls) call.resolve(0);
    await again.gatherAndClose();
    expect(again.totals).toMatchObject({ started: 4, fulfilled: 3 });
    expect(replay(store)).toEqual(again.snapshot());
  });

  test.each([
    ['its events', false],
    ['a checkpoint', true],
  ])(
    'again in each life, by the epoch in which the attempt has started: of %s',
    async (_, prune) => {
      const { pool, store } = await leftRunning();
      const first = continuedBy(() => new Promise(() => {}));
      const second = await resume(store, { functions: { far: first.fn } });
      await turn();
      if (prune) await second.checkpoint({ prune });
      const asked: RemoteCall[] = [];
      const third = elsewhere({
        reattach: async (known) => {
          asked.push(...known);
          return known.map(() => async () => 'kept');
        },
      });
      const left = prune ? store : await leftBy(second);
      const again = await resume(left, { functions: { far: third.fn } });
      const { uid } = pool.journal.events()[0] as { uid?: string };
      expect(asked.map((call) => [call.id, call.pool.uid, call.pool.epoch])).toEqual([
        [0, uid, 0],
        [1, uid, 0],
      ]);
      await turn();
      expect(third.calls.map(({ args, context }) => [args[0], context?.pool.epoch])).toEqual([
        ['c', 2],
      ]);
      third.calls[0]?.resolve(0);
      await again.gatherAndClose();
      expect(again.totals).toMatchObject({ started: 3, fulfilled: 3 });
    },
  );

  test('and an attempt that fails after all is followed by one of its function', async () => {
    const clock = new SimulatedClock();
    const { fn } = elsewhere();
    const pool = taskPool({ functions: { far: fn }, clock });
    pool.map(fn, ['a'], { retry: { limit: 1, delay: 5 } });
    await clock.pass(0);
    const lost = async () => {
      throw new Error('lost');
    };
    const next = elsewhere({ reattach: async () => [lost] });
    const again = await resume(await leftBy(pool), { functions: { far: next.fn }, clock });
    await turn();
    await clock.pass(5);
    expect(next.calls).toMatchObject([{ args: ['a'], context: { attempt: 2 } }]);
    next.calls[0]?.resolve('done');
    expect(await again.task(0).result()).toBe('done');
    await again.gatherAndClose();
  });

  test('and a call that continues holds the keys of its limits until it has ended', async () => {
    const { fn } = elsewhere();
    const pool = taskPool({ functions: { far: fn }, limits: { host: { concurrent: 2 } } });
    pool.map(fn, ['a', 'b', 'c', 'd'], { numConcurrent: 4, limits: { host: 'one' } });
    await turn();
    const kept = new Gate<string>();
    const { fn: far, calls } = elsewhere({
      reattach: async (known) => known.map(({ id }) => (id === 0 ? () => kept.promise : undefined)),
    });
    const again = await resume(await leftBy(pool), { functions: { far } });
    const begun = () => calls.map(({ args }) => args[0]);
    await turn();
    expect(begun()).toEqual(['b']);
    calls[0]?.resolve(0);
    await turn();
    expect(begun()).toEqual(['b', 'c']);
    kept.resolve('kept');
    await turn();
    expect(begun()).toEqual(['b', 'c', 'd']);
    for (const call of calls) call.resolve(0);
    await again.gatherAndClose();
  });

  test('of submissions as well', async () => {
    const { fn } = elsewhere();
    const pool = taskPool({ functions: { far: fn } });
    void pool.submit(fn, ['a']).catch(() => {});
    await turn();
    const next = continuedBy(async () => 'kept');
    const again = await resume(await leftBy(pool), { functions: { far: next.fn } });
    await turn();
    expect(again.task(0)).toMatchObject({ outcome: 'fulfilled', attempt: 1 });
    expect(next.calls).toEqual([]);
    await again.gatherAndClose();
  });

  test.each([true, false])('and says whether it gets a context: %s', async (passContext) => {
    const { fn } = elsewhere();
    const pool = taskPool({ functions: { far: fn } });
    pool.map(fn, ['a'], { passContext });
    void pool.submit(fn, ['b'], { passContext }).catch(() => {});
    await turn();
    const asked: RemoteCall[] = [];
    const next = elsewhere({
      reattach: async (known) => {
        asked.push(...known);
        return known.map(() => async () => 'kept');
      },
    });
    const again = await resume(await leftBy(pool), { functions: { far: next.fn } });
    expect(asked.map(({ isPassed }) => isPassed)).toEqual([passContext, passContext]);
    await again.gatherAndClose();
  });

  test.each([
    ['throws', () => Promise.reject(new Error('no Redis'))],
    ['throws at once', () => assertNever()],
    ['gives what is no list', async () => undefined as never],
    ['gives too little', async () => []],
  ])('and nothing is lost where it %s: the tasks are interrupted', async (_, reattach) => {
    const { store } = await leftRunning();
    const { fn, calls } = elsewhere({ reattach });
    const again = await resume(store, { functions: { far: fn } });
    await turn();
    expect(calls.map(({ args, context }) => [args[0], context?.attempt])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
    for (let n = 0; n < 3; n++) {
      for (const call of calls) call.resolve(0);
      await turn();
    }
    await again.gatherAndClose();
    expect(again.totals).toMatchObject({ fulfilled: 3 });
  });

  test('and its answer leaves no timer', async () => {
    const { store } = await leftRunning();
    const clock = new Time();
    const { fn } = continuedBy(async () => 'kept');
    const again = await resume(store, { functions: { far: fn }, clock });
    expect(clock.numTimers).toBe(0);
    again.cancelAll();
  });

  test('nor where it does not answer: so long does the recovery wait', async () => {
    const { store } = await leftRunning();
    const clock = new SimulatedClock();
    const logger = new Log();
    const { fn, calls } = elsewhere({ reattach: () => new Promise(() => {}) });
    const recovering = resume(store, {
      functions: { far: fn },
      clock,
      logger,
      reattachTimeout: 50,
    });
    await turn();
    await clock.pass(50);
    const again = await recovering;
    await turn();
    expect(logger.lines).toEqual([
      [
        '2 running tasks of far count as interrupted, since their outcomes are unknown:',
        new Error('expected an answer within 50 ms, got none'),
      ],
    ]);
    expect(calls).toHaveLength(2);
    for (const call of calls) call.resolve(0);
    await turn();
    calls[2]?.resolve(0);
    await again.gatherAndClose();
  });
});

describe('what was being stopped when the process died', () => {
  test('holds its slot until the far side has settled', async () => {
    const { pool } = await leftRunning();
    pool.task(0).cancel('not needed');
    const store = await leftBy(pool);
    const reasons: unknown[] = [];
    const { fn, calls } = elsewhere({
      reattach: async (known) =>
        known.map(() => ({ signal }: { signal: AbortSignal }) => {
          reasons.push(signal.aborted && signal.reason);
          return new Promise((_, reject) =>
            calls.push({
              args: [],
              context: undefined,
              resolve() {},
              reject: () => reject(signal.reason),
            }),
          );
        }),
    });
    const again = await resume(store, { functions: { far: fn } });
    await turn();
    expect(reasons).toEqual(['not needed', false]);
    expect(again.numRunning).toBe(2);
    expect(again.task(0).state).toBe('cancelling');
    calls[0]?.reject(0);
    await turn();
    expect(again.task(0).outcome).toBe('cancelled');
    again.cancelAll();
    calls[1]?.reject(0);
    await turn();
    calls[2]?.reject(0);
    await again.gatherAndClose({ returnExceptions: true });
  });

  test('and a limit in time counts from when it was placed, in another process', async () => {
    const clock = new SimulatedClock(1_000);
    const store = await leftBy(await placedFor(60, clock));
    const next = continuedBy(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    const again = await resume(store, { functions: { far: next.fn }, clock });
    await clock.pass(39);
    expect(again.task(0).state).toBe('running');
    await clock.pass(1);
    await turn();
    expect(again.task(0).outcome).toBe('rejected');
    await expect(again.gatherAndClose()).rejects.toThrow(TaskTimedOut);
  });

  test('and does not count before it was placed', async () => {
    const clock = new SimulatedClock();
    const { fn } = elsewhere();
    const pool = taskPool({ functions: { far: fn }, clock });
    pool.map(fn, ['a'], { timeout: 100 });
    await clock.pass(0);
    const placed = new Gate();
    const next = continuedBy(async (context) => {
      await placed.promise;
      context.placed('host-a');
      return untilAborted(context);
    });
    const again = await resume(await leftBy(pool), { functions: { far: next.fn }, clock });
    await clock.pass(500);
    expect(again.task(0).state).toBe('running');
    placed.resolve();
    await clock.pass(100);
    await expect(again.gatherAndClose()).rejects.toMatchObject({ which: 'timeout' });
  });

  /** What is asked again settles as its signal wants. */
  const obedient = () => continuedBy(async ({ signal }) => signal.throwIfAborted());

  test('has its signal aborted again if it had reached its time limit', async () => {
    const clock = new SimulatedClock();
    const pool = await placedFor(100, clock);
    expect(pool.task(0).state).toBe('timedOut');
    const next = obedient();
    const store = await leftBy(pool);
    const again = await resume(store, { functions: { far: next.fn }, clock });
    await again.untilIdle();
    expect(next.calls).toEqual([]);
    expect(again.totals).toMatchObject({ started: 1, rejected: 1 });
    await expect(again.gatherAndClose()).rejects.toThrow(TaskTimedOut);
  });

  test.each([
    ['map', 'task.cancelling'],
    ['map', 'group.cancelled'],
    ['submit', 'task.cancelling'],
    ['submit', 'group.cancelled'],
  ])('of a group of %s that was cancelled, up to %s', async (method, type) => {
    const { fn } = elsewhere();
    const pool = taskPool({ functions: { far: fn } });
    if (method === 'map') pool.map(fn, ['a'], { groupName: 'g' });
    else void pool.submit(fn, ['a'], { groupName: 'g' }).catch(() => {});
    await turn();
    expect(pool.numRunning).toBe(1);
    pool.cancelGroup('g');
    const last = [...pool.journal].find((event) => event.type === type);
    const next = obedient();
    const store = await leftBy(pool, last?.seq);
    const again = await resume(store, { functions: { far: next.fn } });
    await again.untilIdle();
    expect(next.calls).toEqual([]);
    expect(again.totals).toMatchObject({ started: 1, cancelled: 1 });
    await again.gatherAndClose();
  });
});

function assertNever(): never {
  throw new Error('no Redis');
}
