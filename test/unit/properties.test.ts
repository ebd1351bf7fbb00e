import { describe, expect, test } from 'vitest';
import { BasePool, SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import { Stage } from '../support/observing.ts';
import { Gate, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

describe('a new pool', () => {
  test.each<[string, BasePool]>([
    ['TaskPool', taskPool()],
    ['SimpleTaskPool', simplePool(() => 1)],
  ])('%s is open, empty and without limit', (_name, pool) => {
    expect(pool).toBeInstanceOf(BasePool);
    expect(pool).toMatchObject({
      poolSize: Infinity,
      numRunning: 0,
      numQueued: 0,
      numCancelled: 0,
      numEnded: 0,
      isFull: false,
      isLocked: false,
      isClosed: false,
      totals: { created: 0, started: 0, fulfilled: 0, rejected: 0, cancelled: 0 },
    });
    expect(pool.snapshot()).toMatchObject({ retain: 10_000, status: 'open', poolSize: null });
  });

  test('works without any option', async () => {
    expect(await new TaskPool().apply(async () => 1).results()).toEqual([1]);
    expect(await new SimpleTaskPool(() => 2).start(1).results()).toEqual([2]);
  });

  test('has the name that it was given', () => {
    const pool = taskPool({ name: 'mine' });
    expect(pool.name).toBe('mine');
    expect(`${pool}`).toBe('TaskPool-mine');
    expect(`${simplePool(() => 1, [], { name: 'too' })}`).toBe('SimpleTaskPool-too');
  });

  test('is named by a number that no pool before it had', () => {
    const first = taskPool();
    const second = simplePool(() => 1);
    expect(first.name).toMatch(/^\d+$/);
    expect(Number(second.name)).toBeGreaterThan(Number(first.name));
    expect(String(first)).toBe(`TaskPool-${first.name}`);
    expect(String(second)).toBe(`SimpleTaskPool-${second.name}`);
  });
});

describe('the gauges', () => {
  test('tell what waits, what holds a slot, and what has ended', async () => {
    const stage = new Stage();
    const pool = taskPool({ poolSize: 2 });
    pool.map(stage.work, [1, 2, 3, 4], { numConcurrent: 3 });
    await turn();
    expect(pool).toMatchObject({ numQueued: 1, numRunning: 2, numEnded: 0, isFull: true });

    await stage.finish(1);
    expect(pool).toMatchObject({ numQueued: 1, numRunning: 2, numEnded: 1, isFull: true });

    await stage.finish(2, 3);
    expect(pool).toMatchObject({ numQueued: 0, numRunning: 1, numEnded: 3, isFull: false });

    await stage.finish(4);
    expect(pool).toMatchObject({ numQueued: 0, numRunning: 0, numEnded: 4, isFull: false });
  });

  test('a task that unwinds is running, one whose cancel callback runs is cancelled', async () => {
    const unwinding = new Gate();
    const callback = new Gate();
    const pool = taskPool({ poolSize: 1 });
    pool.apply(
      async (context) => {
        await untilAborted(context).catch(() => unwinding.promise);
        throw context.signal.reason;
      },
      [],
      { cancelCallback: () => callback.promise },
    );
    await turn();
    pool.cancel(0);
    await turn();
    expect(pool).toMatchObject({ numRunning: 1, numCancelled: 0, numEnded: 0, isFull: true });

    unwinding.resolve();
    await turn();
    expect(pool).toMatchObject({ numRunning: 0, numCancelled: 1, numEnded: 0, isFull: true });

    callback.resolve();
    await turn();
    expect(pool).toMatchObject({ numRunning: 0, numCancelled: 0, numEnded: 1, isFull: false });
  });

  test('the totals only grow, also when everything is forgotten', async () => {
    const pool = taskPool();
    pool.map((n: number) => (n === 1 ? Promise.reject(new Error('one')) : n), [0, 1, 2]);
    pool.apply(untilAborted, [], { groupName: 'endless', num: 2 });
    await turn();
    pool.cancelGroup('endless');
    await turn();
    const totals = { created: 5, started: 5, fulfilled: 2, rejected: 1, cancelled: 2 };
    expect(pool.totals).toEqual(totals);

    await pool.gatherAndClose({ returnExceptions: true });
    expect(pool.numEnded).toBe(0);
    expect(pool.totals).toEqual(totals);
  });

  test('the totals that were handed out are a copy', async () => {
    const pool = taskPool();
    const before = pool.totals;
    await pool.apply(() => 1).results();
    expect(before.created).toBe(0);
    Object.assign(pool.totals, { created: 99 });
    expect(pool.totals.created).toBe(1);
  });
});

describe('a task handle', () => {
  test('follows the task, and stays readable when the pool has forgotten it', async () => {
    const stage = new Stage<string>();
    const pool = taskPool({ poolSize: 1 });
    pool.map(stage.work, ['a', 'b'], { numConcurrent: 2, groupName: 'letters' });
    await turn();
    const [first, second] = [pool.task(0), pool.task(1)];
    expect(first).toMatchObject({ id: 0, groupName: 'letters', index: 0, attempt: 1 });
    expect(first).toMatchObject({ state: 'running', outcome: undefined, error: undefined });
    expect(second).toMatchObject({ id: 1, index: 1, state: 'queued', startedAt: undefined });
    expect(first.startedAt).toBeCloseTo(Date.now(), -4);

    await stage.finish('a');
    expect(first).toMatchObject({ state: 'ended', outcome: 'fulfilled' });
    expect(second.state).toBe('running');

    await stage.fail('b', Object.assign(new TypeError('bad'), { code: 'E_BAD' }));
    await pool.flush({ returnExceptions: true });
    expect(() => pool.task(1)).toThrow('expected the id of a task');
    expect(second).toMatchObject({
      state: 'ended',
      outcome: 'rejected',
      error: { name: 'TypeError', message: 'bad', code: 'E_BAD' },
    });
  });

  test('tells a task that is being cancelled from one that runs', async () => {
    const pool = taskPool();
    pool.apply(() => new Gate().promise);
    await turn();
    const task = pool.task(0);
    pool.cancel(0);
    expect(task).toMatchObject({ state: 'cancelling', outcome: undefined });
  });

  test('tells of the last progress that was reported', async () => {
    const pool = taskPool();
    pool.apply(async ({ report }) => {
      report(0.5);
      report({ done: 3, of: 4 });
    });
    await pool.untilIdle();
    expect(pool.task(0).progress).toEqual({ done: 3, of: 4 });
  });
});
