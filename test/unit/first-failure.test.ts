import { describe, expect, test } from 'vitest';
import type { Retain, TaskGroup, TaskPool } from 'xstate-taskpool';
import { collect, eventsOf, isPending, rejectionOf, Stage } from '../support/observing.ts';
import { Gate, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const bad = new Error('bad');
const why = new Error('why');

/** Every way to cancel a group. */
const waysToCancel: [string, (pool: TaskPool, group: TaskGroup<unknown>) => void][] = [
  ['group.cancel', (_pool, group) => group.cancel(why)],
  ['cancelGroup', (pool, group) => pool.cancelGroup(group, why)],
  ['cancelAll', (pool) => pool.cancelAll(why)],
  [
    'the signal of gatherAndClose',
    (pool) => void pool.gatherAndClose({ signal: AbortSignal.abort(why) }),
  ],
];

/** A source that throws at its second item, when the test says so. */
function failing() {
  const gate = new Gate();
  async function* items() {
    yield 1;
    await gate.promise;
    throw bad;
  }
  return { items: items(), fail: () => gate.resolve() };
}

describe('results() of a group whose source throws', () => {
  test('reject at once, while functions run', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const source = failing();
    const group = pool.map(stage.work, source.items, { numConcurrent: 2 });
    const results = group.results();
    await turn();
    source.fail();
    expect(await rejectionOf(results)).toBe(bad);
    expect(pool.numRunning).toBe(1);
    expect(await isPending(group.settled())).toBe(true);
    await stage.finish(1);
    expect(await group.settled()).toMatchObject([{ status: 'fulfilled', value: 1 }]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('reject with what came first, whenever they are asked for', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const later = new Error('later');
    const source = failing();
    const group = pool.map(stage.work, source.items, { numConcurrent: 2 });
    const early = group.results();
    await turn();
    source.fail();
    await turn();
    await stage.fail(1, later);
    expect(await rejectionOf(early)).toBe(bad);
    expect(await rejectionOf(pool.group(group.name).results())).toBe(bad);
    expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([later]);
  });

  test('reject with the failure of a task that came first', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const first = new Error('first');
    const source = failing();
    const group = pool.map(stage.work, source.items, { numConcurrent: 2 });
    await turn();
    await stage.fail(1, first);
    source.fail();
    await pool.untilIdle();
    expect(await rejectionOf(group.results())).toBe(first);
    await expect(pool.gatherAndClose()).rejects.toBe(bad);
  });

  test('and is cancelled then, reject with what it threw', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const source = failing();
    const group = pool.map(stage.work, source.items, { numConcurrent: 2 });
    await turn();
    source.fail();
    await turn();
    group.cancel(why);
    expect(await rejectionOf(group.results())).toBe(bad);
    await stage.finish(1);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  test('are there for a subscriber who asks at that moment', async () => {
    const pool = taskPool();
    const group = pool.map(new Stage().work, failingAtOnce(), { numConcurrent: 2 });
    const asked: Promise<unknown>[] = [];
    pool.on('group.failed', () => void asked.push(group.results()));
    await turn();
    expect(await rejectionOf(asked[0] as Promise<unknown>)).toBe(bad);
    expect(await pool.flush({ returnExceptions: true })).toEqual([]);
  });

  test('leave nothing for flush, which raises what nobody asked for at once', async () => {
    const pool = taskPool();
    pool.map(new Stage().work, failingAtOnce(), { numConcurrent: 2 });
    await turn();
    await expect(pool.flush()).rejects.toBe(bad);
    expect(await pool.flush()).toEqual([]);
  });

  test('are of no concern to a loop before it has had what was running', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, failingAtOnce(), { numConcurrent: 2 });
    const iterator = group[Symbol.asyncIterator]();
    const steps = [iterator.next(), rejectionOf(iterator.next())];
    await turn();
    await stage.finish(1);
    expect(await Promise.all(steps)).toEqual([{ done: false, value: 1 }, bad]);
    expect(await pool.gatherAndClose()).toEqual([]);
  });

  function* failingAtOnce() {
    yield 1;
    throw bad;
  }
});

describe('after a cancellation', () => {
  test.each(waysToCancel)('by %s results() reject at once if items are left', async (_, cancel) => {
    const stage = new Stage();
    const pool = taskPool();
    const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 2 });
    await turn();
    const results = group.results();
    cancel(pool, group);
    expect(await rejectionOf(results)).toBe(why);
    expect(pool.numRunning).toBe(2);
    await stage.finish(1, 2);
    expect(await rejectionOf(pool.gatherAndClose().then(() => group.results()))).toBe(why);
  });

  test.each(waysToCancel)(
    'by %s results() are all there if all functions return',
    async (_, cancel) => {
      const stage = new Stage();
      const pool = taskPool();
      const group = pool.map(stage.work, [1, 2, 3], { numConcurrent: 3 });
      const again = pool.apply(stage.work, [4]);
      await turn();
      const answers = [group.results(), group.settled(), again.results(), collect(group)] as const;
      cancel(pool, group);
      again.cancel(why);
      await stage.finish(1, 2, 3, 4);
      expect(await answers[0]).toEqual([1, 2, 3]);
      expect((await answers[1]).map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'));
      expect(await answers[2]).toEqual([4]);
      expect(await answers[3]).toEqual([1, 2, 3]);
    },
  );

  test('of the group by its signal the same holds', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const controller = new AbortController();
    const { signal } = controller;
    const all = pool.map(stage.work, [1, 2], { numConcurrent: 2, signal });
    const some = pool.map(stage.work, [3, 4], { numConcurrent: 1, signal });
    await turn();
    const [returned, missing] = [all.results(), rejectionOf(some.results())];
    controller.abort(why);
    expect(await missing).toBe(why);
    await stage.finish(1, 2, 3);
    expect(await returned).toEqual([1, 2]);
  });

  test('of tasks by their ids the same holds', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 2 });
    const all = pool.map(stage.work, [1, 2], { numConcurrent: 2 });
    await turn();
    const some = pool.map(stage.work, [3, 4]);
    await turn();
    const missing = rejectionOf(some.results());
    pool.cancel([0, 1, 2], why);
    expect(await missing).toBe(why);
    await stage.finish(1, 2, 4);
    expect(await all.results()).toEqual([1, 2]);
  });

  test('results() reject with the reason of the first function that gives in', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted, [], { num: 3 });
    await turn();
    group.cancel(why);
    expect(await rejectionOf(group.results())).toBe(why);
  });

  test('results() reject at once if a task waits, though its cancel callback takes its time', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate();
    const cancelCallback = () => gate.promise;
    const group = pool.map(stage.work, [1, 2], { numConcurrent: 2, cancelCallback });
    await turn();
    group.cancel(why);
    expect(await rejectionOf(group.results())).toBe(why);
    expect(pool.numCancelled).toBe(1);
    gate.resolve();
    await stage.finish(1);
    expect((await group.settled()).map(({ status }) => status)).toEqual(['fulfilled', 'cancelled']);
  });
});

describe('what was cancelled before its first task could start', () => {
  const retains: Retain[] = ['all', 'errors', 'none', 0, 1];
  const cancelled = { status: 'cancelled', id: 0, index: 0, reason: why };
  const ways: [string, (pool: TaskPool) => TaskGroup<unknown>][] = [
    ['an aborted signal', (pool) => pool.apply(() => 1, [], { signal: AbortSignal.abort(why) })],
    [
      'group.cancel',
      (pool) =>
        andThen(
          pool.apply(() => 1),
          (group) => group.cancel(why),
        ),
    ],
    [
      'cancelGroup',
      (pool) =>
        andThen(
          pool.apply(() => 1),
          (group) => pool.cancelGroup(group, why),
        ),
    ],
    [
      'cancelAll',
      (pool) =>
        andThen(
          pool.apply(() => 1),
          () => pool.cancelAll(why),
        ),
    ],
    [
      'its id',
      (pool) =>
        andThen(
          pool.apply(() => 1),
          () => pool.cancel([0], why),
        ),
    ],
  ];

  function andThen<G>(group: G, act: (group: G) => void): G {
    act(group);
    return group;
  }

  for (const retain of retains) {
    test.each(ways)(
      `by %s has the reason as its result, if ${retain} is retained`,
      async (_, make) => {
        const pool = taskPool({ retain });
        const group = make(pool);
        expect(await rejectionOf(collect(group))).toBe(why);
        expect(await group.settled()).toEqual([cancelled]);
        expect(await rejectionOf(group.results())).toBe(why);
        await pool.gatherAndClose();
        expect(await rejectionOf(collect(group))).toBe(why);
      },
    );
  }

  test('the same when many were asked for, and in a pool of one function', async () => {
    const pool = taskPool({ retain: 'none' });
    const group = pool.apply(() => 1, [], { num: 5, signal: AbortSignal.abort(why) });
    expect(await group.settled()).toEqual([cancelled]);
    expect(await rejectionOf(group.results())).toBe(why);

    const simple = simplePool(() => 1, [], { retain: 'none' });
    const started = simple.start(2);
    simple.stopAll();
    expect(await rejectionOf(started.results())).toMatchObject({ name: 'AbortError' });
    expect(await started.settled()).toMatchObject([{ status: 'cancelled', id: 0 }]);
  });

  test('by a subscriber who sees the group made is as well', async () => {
    const pool = taskPool({ retain: 'none' });
    const unsubscribe = pool.on('group.created', () => pool.cancelAll(why));
    const group = pool.apply(() => 1);
    unsubscribe();
    expect(await rejectionOf(group.results())).toBe(why);
    expect(eventsOf(pool, 'task.started')).toEqual([]);
  });

  test('in a pool that is full, long after', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 1, retain: 'none' });
    pool.apply(stage.work, [1]);
    const group = pool.apply(stage.work, [2]);
    await turn();
    group.cancel(why);
    await stage.finish(1);
    expect(await rejectionOf(group.results())).toBe(why);
  });
});
