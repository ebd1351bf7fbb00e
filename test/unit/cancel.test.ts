import { describe, expect, test } from 'vitest';
import { AlreadyCancelled, AlreadyEnded, TaskGroupNotFound, TaskNotFound } from 'xstate-taskpool';
import { eventsOf, rejectionOf, Stage } from '../support/observing.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const stop = new Error('stop');

describe('cancelling a queued task', () => {
  test('takes it out at once; it is never called', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 0 });
    const group = pool.map(stage.work, [1, 2, 3]);
    await turn();
    pool.cancel(0);
    expect(pool.task(0)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
    pool.poolSize = 5;
    await stage.finish(1, 2, 3);
    expect(stage.started).toEqual([2, 3]);
    expect((await group.settled()).map(({ status }) => status)).toEqual([
      'cancelled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(eventsOf(pool, 'task.cancelled', 'task.cancelling')).toEqual([
      { type: 'task.cancelled', id: 0 },
    ]);
  });
});

describe('cancelling a running task', () => {
  test('aborts its signal with the reason, and waits for the function', async () => {
    const unwound = new Gate();
    let reason: unknown;
    const pool = taskPool();
    pool.apply(async (context) => {
      await untilAborted(context).catch((error) => {
        reason = error;
      });
      await unwound.promise;
      throw reason;
    });
    await turn();
    pool.cancel([0], stop);
    await turn();
    expect(reason).toBe(stop);
    expect(pool.task(0).state).toBe('cancelling');
    expect(pool.numRunning).toBe(1);
    unwound.resolve();
    await turn();
    expect(pool.task(0)).toMatchObject({ state: 'ended', outcome: 'cancelled' });
  });

  test('without a reason aborts as AbortController does', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    await turn();
    pool.cancel(0);
    const error = await rejectionOf(group.results());
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: 'AbortError', message: 'This operation was aborted' });
    expect(eventsOf(pool, 'task.cancelling')).toEqual([{ type: 'task.cancelling', id: 0 }]);
  });

  test.each([null, false, 0, '', 'text', { a: 1 }])('may have any reason: %o', async (reason) => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    await turn();
    pool.cancel([0], reason);
    expect(await group.settled()).toEqual([{ status: 'cancelled', id: 0, index: 0, reason }]);
    expect(eventsOf(pool, 'task.cancelling')).toEqual([{ type: 'task.cancelling', id: 0, reason }]);
  });

  test('twice is once, and the first reason stays', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    await turn();
    pool.cancel([0, 0], stop);
    pool.cancel([0], 'other');
    expect(eventsOf(pool, 'task.cancelling')).toHaveLength(1);
    expect(await rejectionOf(group.results())).toBe(stop);
  });

  test('before it looks at its signal is seen when it does', async () => {
    const pool = taskPool();
    const gate = new Gate();
    const group = pool.apply(async (context) => {
      await gate.promise;
      expect(context.signal.aborted).toBe(true);
      context.signal.throwIfAborted();
    });
    await turn();
    pool.cancel([0], stop);
    gate.resolve();
    expect(await rejectionOf(group.results())).toBe(stop);
  });
});

describe('cancel', () => {
  test('refuses a task that is past its cancellation, one that ended, and an unknown id', async () => {
    const callback = new Gate();
    const pool = taskPool();
    pool.apply(untilAborted, [], { cancelCallback: () => callback.promise });
    await turn();
    pool.cancel(0);
    await turn();
    expect(() => pool.cancel(0)).toThrow(AlreadyCancelled);
    callback.resolve();
    await turn();
    expect(() => pool.cancel(0)).toThrow(AlreadyEnded);
    expect(() => pool.cancel(1)).toThrow(TaskNotFound);
    await pool.flush();
    expect(() => pool.cancel(0)).toThrow(TaskNotFound);
  });

  test('checks every id before it cancels any', async () => {
    const pool = taskPool();
    pool.apply(untilAborted, [], { num: 2 });
    await turn();
    const before = pool.snapshot();
    expect(() => pool.cancel(0, 1, 2)).toThrow(TaskNotFound);
    expect(() => pool.cancel([1, 0, 9])).toThrow(TaskNotFound);
    expect(pool.snapshot()).toEqual(before);
  });

  test('takes ids, or a list of them, or a Set', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted, [], { num: 6 });
    await turn();
    pool.cancel(0, 1);
    pool.cancel([2, 3], stop);
    pool.cancel(group.ids.size === 6 ? new Set([4, 5]) : []);
    pool.cancel();
    pool.cancel([]);
    const reasons = (await group.settled()).map((result) => 'reason' in result && result.reason);
    expect(reasons.slice(2, 4)).toEqual([stop, stop]);
    expect(pool.totals.cancelled).toBe(6);
  });
});

describe('cancelling a group', () => {
  test('stops the source, then what waits, then what runs', async () => {
    const pool = taskPool({ poolSize: 1 });
    const group = pool.map(untilAborted, [1, 2, 3, 4], { numConcurrent: 3, groupName: 'mine' });
    await turn();
    pool.cancelGroup('mine', 'over');
    await pool.untilIdle();
    expect(eventsOf(pool).slice(5, 9)).toEqual([
      { type: 'group.cancelled', group: 'mine', reason: 'over' },
      { type: 'task.cancelled', id: 1 },
      { type: 'task.ended', id: 1, group: 'mine', outcome: 'cancelled', attempt: 1 },
      { type: 'task.cancelling', id: 0, reason: 'over' },
    ]);
    expect(group.progress).toEqual({ created: 2, ended: 2, planned: 4 });
    expect(pool.totals.created).toBe(2);
  });

  test('frees the name at once, and getGroupIds no longer knows it', async () => {
    const pool = taskPool();
    pool.apply(() => new Gate().promise, [], { groupName: 'mine' });
    await turn();
    pool.cancelGroup('mine');
    expect(() => pool.getGroupIds('mine')).toThrow(TaskGroupNotFound);
    expect(() => pool.cancelGroup('mine')).toThrow(TaskGroupNotFound);
    expect(pool.snapshot().groups).toEqual([]);
    expect(pool.numRunning).toBe(1);
    pool.apply(untilAborted, [], { groupName: 'mine' });
    expect(pool.getGroupIds('mine').size).toBe(1);
  });

  test('by its handle, its name or itself is the same', async () => {
    const pool = taskPool();
    const cancels = [
      (group: ReturnType<typeof pool.apply>) => pool.cancelGroup(group, stop),
      (group: ReturnType<typeof pool.apply>) => pool.cancelGroup(group.name, stop),
      (group: ReturnType<typeof pool.apply>) => group.cancel(stop),
    ];
    for (const cancel of cancels) {
      const group = pool.apply(untilAborted);
      await turn();
      cancel(group);
      expect(await rejectionOf(group.results())).toBe(stop);
    }
  });

  test('whose tasks have all ended changes no result; by itself it does nothing', async () => {
    const pool = taskPool();
    const group = pool.map((n: number) => n, [1, 2]);
    expect(await group.results()).toEqual([1, 2]);
    const before = pool.snapshot();
    group.cancel();
    expect(pool.snapshot()).toEqual(before);
    pool.cancelGroup(group);
    group.cancel();
    expect(eventsOf(pool, 'group.cancelled')).toHaveLength(1);
    expect(await group.settled()).toHaveLength(2);
  });

  test('of another pool is refused', async () => {
    const pool = taskPool({ poolSize: 0 });
    const other = taskPool({ poolSize: 0 });
    pool.apply(untilAborted, [], { groupName: 'mine' });
    const group = other.apply(untilAborted, [], { groupName: 'mine' });
    expect(() => pool.cancelGroup(group)).toThrow(TaskGroupNotFound);
    expect(pool.numQueued).toBe(1);
  });

  test('leaves other groups alone; cancelAll does not', async () => {
    const pool = taskPool();
    const groups = [1, 2, 3].map(() => pool.apply(untilAborted, [], { num: 2 }));
    await turn();
    groups[0]?.cancel();
    await turn();
    expect(pool.numRunning).toBe(4);
    pool.cancelAll(stop);
    expect(await Promise.all(groups.slice(1).map((group) => rejectionOf(group.results())))).toEqual(
      [stop, stop],
    );
    expect(pool.snapshot()).toMatchObject({ groups: [], numRunning: 0, numEnded: 6 });
    pool.cancelAll();
    expect(eventsOf(pool, 'group.cancelled')).toHaveLength(3);
  });
});

test('a subscriber that adds a group for each one cancelled does not keep cancelAll busy', () => {
  const pool = taskPool({ poolSize: 0 });
  pool.on('group.cancelled', () => void pool.apply(untilAborted, [], { groupName: 'again' }));
  pool.apply(untilAborted);
  pool.cancelAll();
  expect(pool.snapshot().groups.map(({ name }) => name)).toEqual(['again']);
});

test('a cancelled group cancels each of its tasks once, in whatever state it is', async () => {
  const pool = taskPool();
  const work = (n: number, context: { signal: AbortSignal }) => {
    if (n < 2) throw new Error('once');
    return n === 2 ? n : untilAborted(context);
  };
  const retry = { limit: 1, delay: 1e9 };
  const group = pool.map(work, [0, 1, 2, 3, 4], { numConcurrent: 2, retry });
  await turn();
  expect(pool.snapshot().tasks.map(({ state }) => state)).toEqual([
    ...['delayed', 'delayed', 'ended', 'running', 'running'],
  ]);
  group.cancel();
  const ids = (type: 'task.cancelled' | 'task.cancelling') =>
    [...pool.journal].flatMap((event) => (event.type === type ? [event.id] : []));
  expect(ids('task.cancelled')).toEqual([0, 1]);
  expect(ids('task.cancelling')).toEqual([3, 4]);
  await pool.gatherAndClose({ returnExceptions: true });
});
