import { describe, expect, test } from 'vitest';
import type { TaskPool } from '../../src/index.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

describe('group.stop()', () => {
  test('takes no more items and finishes what runs', async () => {
    const pool = taskPool();
    const gates = [new Gate<string>(), new Gate<string>(), new Gate<string>()];
    const group = pool.map((n: number) => gates[n]?.promise, [0, 1, 2], { numConcurrent: 2 });
    await turn();
    group.stop();
    gates[0]?.resolve('a');
    gates[1]?.resolve('b');
    expect(await group.results()).toEqual(['a', 'b']);
    expect(group.progress).toEqual({ created: 2, ended: 2, planned: 2 });
    group.stop();
    await pool.gatherAndClose();
  });

  test('ends a group of which nothing runs, and with it the wait of the pool', async () => {
    const pool = taskPool();
    async function* slow() {
      await new Gate().promise;
      yield 1;
    }
    const group = pool.map((n: number) => n, slow());
    const idle = pool.untilIdle();
    await turn();
    group.stop();
    await idle;
    expect(await group.results()).toEqual([]);
  });
});

describe('cancelQueued()', () => {
  test('cancels what has not started, and finishes what runs', async () => {
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate<string>();
    const first = pool.map(() => gate.promise, [1, 2, 3]);
    const second = pool.map(async (n: number) => n, [4, 5]);
    await turn();
    pool.cancelQueued('enough');
    await expect(second.results()).rejects.toBe('enough');
    await expect(first.results()).rejects.toBe('enough');
    gate.resolve('done');
    expect(await first.settled()).toEqual([
      { status: 'fulfilled', id: 0, index: 0, value: 'done' },
      { status: 'cancelled', id: 2, index: 1, reason: 'enough' },
    ]);
    expect(pool.totals).toMatchObject({ started: 1, fulfilled: 1, cancelled: 2 });
    await pool.gatherAndClose();
  });

  test('of a group leaves other groups alone', async () => {
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate();
    pool.apply(() => gate.promise);
    const one = pool.map(async (n: number) => n, [1]);
    const other = pool.map(async (n: number) => n, [2, 3]);
    await turn();
    one.cancelQueued('not this');
    gate.resolve();
    await expect(one.results()).rejects.toBe('not this');
    expect(await other.results()).toEqual([2, 3]);
  });

  test('makes nothing missing where all have started', async () => {
    const pool = taskPool();
    const gate = new Gate<number>();
    const group = pool.map(() => gate.promise, [1, 2], { numConcurrent: 2 });
    await turn();
    group.cancelQueued('late');
    gate.resolve(7);
    expect(await group.results()).toEqual([7, 7]);
  });
});

test.each<[string, (pool: TaskPool) => void]>([
  ['pool.cancel(ids)', (pool) => pool.cancel('0', '1', '2')],
  ['pool.cancelQueued()', (pool) => pool.cancelQueued()],
  ['pool.cancelGroup()', (pool) => pool.cancelGroup('submitted')],
  ['pool.cancelAll()', (pool) => pool.cancelAll()],
  ['group.cancel()', (pool) => pool.group('submitted').cancel()],
  ['group.cancelQueued()', (pool) => pool.group('submitted').cancelQueued()],
])(
  'without a reason it is an AbortError, for what is no task yet, too: %s',
  async (_way, cancel) => {
    const pool = taskPool({ poolSize: 1 });
    const submit = (unique: string) =>
      pool.submit(untilAborted, [], { groupName: 'submitted', unique });
    const outcomes = Promise.allSettled(['0', '1', '2'].map(submit));
    await turn();
    cancel(pool);
    pool.cancelAll('the rest');
    const [running, ...waiting] = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason : undefined,
    );
    expect(running === 'the rest' || running.name === 'AbortError').toBe(true);
    for (const reason of waiting) expect(reason).toMatchObject({ name: 'AbortError' });
    expect(waiting).toHaveLength(2);
  },
);

test('cancelQueued() without a reason is an AbortError for what has no items any more', async () => {
  const pool = taskPool({ poolSize: 1 });
  const group = pool.map(untilAborted, [1, 2, 3]);
  await turn();
  group.cancelQueued();
  await expect(group.results()).rejects.toMatchObject({ name: 'AbortError' });
  pool.cancelAll();
});

describe('task.cancel()', () => {
  test('cancels, and says no where the task has ended', async () => {
    const pool = taskPool({ poolSize: 1 });
    const running = pool.apply(untilAborted);
    const waiting = pool.apply(untilAborted);
    const [first = -1] = running.ids;
    const [second = -1] = waiting.ids;
    const one = pool.task(first);
    const other = pool.task(second);
    await turn();
    expect(other.cancel('never mind')).toBe(true);
    expect(other.cancel()).toBe(false);
    expect(one.cancel('stop')).toBe(true);
    expect(one.cancel('again')).toBe(true);
    await expect(running.results()).rejects.toBe('stop');
    expect(one.cancel()).toBe(false);
    await pool.flush();
    expect(one.cancel()).toBe(false);
  });
});
