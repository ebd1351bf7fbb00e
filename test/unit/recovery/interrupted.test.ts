import { describe, expect, test } from 'vitest';
import { replay, TaskInterrupted } from 'xstate-taskpool';
import { leftBy, noting, resume } from '../../support/lives.ts';
import { Gate, taskPool, turn, untilAborted } from '../../support/pools.ts';

const functions = { untilAborted };
const never = () => new Promise(() => {});

/** A pool with a task in each of two groups that runs when it dies. */
async function leftWithTwoGroups() {
  const { work } = noting(never);
  const pool = taskPool({ functions: { work } });
  pool.map(work, [1], { groupName: 'one' });
  pool.map(work, [2], { groupName: 'two' });
  await turn();
  return leftBy(pool);
}

describe("onInterrupted: 'fail'", () => {
  test('ends what was running or queued as rejected, and goes on with the source', async () => {
    const { work } = noting(never);
    const pool = taskPool({ functions: { work }, poolSize: 1 });
    pool.map(work, ['a', 'b', 'c'], { numConcurrent: 2, groupName: 'mine' });
    await turn();
    expect(pool.snapshot().tasks.map(({ state }) => state)).toEqual(['running', 'queued']);
    const store = await leftBy(pool);
    const { work: last, calls } = noting();
    const ended: number[] = [];
    const again = await resume(store, {
      functions: { work: last },
      onInterrupted: 'fail',
      groups: { mine: { endCallback: (id) => void ended.push(id) } },
    });
    const errors = await again.gatherAndClose({ returnExceptions: true });
    expect(errors).toEqual([
      new TaskInterrupted("task 0 of 'mine' was running when its process died"),
      new TaskInterrupted("task 1 of 'mine' was queued when its process died"),
    ]);
    expect(calls).toEqual([['c', 2, 1]]);
    expect(ended).toEqual([0, 1, 2]);
    expect(again.totals).toMatchObject({ created: 3, fulfilled: 1, rejected: 2 });
    expect(replay(store)).toEqual(again.snapshot());
  });

  test('can be said of one group', async () => {
    const { work, calls } = noting();
    const again = await resume(await leftWithTwoGroups(), {
      functions: { work },
      groups: { one: { onInterrupted: 'fail' } },
    });
    await expect(again.gatherAndClose()).rejects.toThrow(TaskInterrupted);
    expect(calls).toEqual([[2, 1, 2]]);
  });

  test('can be the rule, with an exception', async () => {
    const { work, calls } = noting();
    const again = await resume(await leftWithTwoGroups(), {
      functions: { work },
      onInterrupted: 'fail',
      groups: { two: { onInterrupted: 'retry' } },
    });
    await expect(again.gatherAndClose()).rejects.toThrow(TaskInterrupted);
    expect(calls).toEqual([[2, 1, 2]]);
  });

  test('asks for no function where none is to be called', async () => {
    const { work } = noting(never);
    const pool = taskPool({ functions: { work } });
    pool.apply(work, ['x']);
    await turn();
    const again = await resume(await leftBy(pool), { functions: {}, onInterrupted: 'fail' });
    await expect(again.gatherAndClose()).rejects.toThrow(TaskInterrupted);
  });
});

describe('a task that was being cancelled ends cancelled', () => {
  test('if its function had not settled', async () => {
    const work = async () => never();
    const pool = taskPool({ functions: { work } });
    pool.apply(work, [], { num: 2, groupName: 'mine' });
    await turn();
    pool.cancel([0], { why: 'slow' });
    const store = await leftBy(pool);
    const calls: string[] = [];
    const again = await resume(store, {
      functions,
      onInterrupted: 'fail',
      groups: {
        mine: {
          cancelCallback: (id) => void calls.push(`cancel ${id}`),
          endCallback: (id) => void calls.push(`end ${id}`),
        },
      },
    });
    await again.gatherAndClose({ returnExceptions: true });
    expect(again.totals).toMatchObject({ cancelled: 1, rejected: 1 });
    expect(calls.sort()).toEqual(['cancel 0', 'end 0', 'end 1']);
    expect(replay(store)).toEqual(again.snapshot());
  });

  test('if its cancel callback had not returned: it is called again', async () => {
    const gate = new Gate();
    const pool = taskPool({ functions });
    pool.apply(untilAborted, [], { groupName: 'mine', cancelCallback: () => gate.promise });
    await turn();
    pool.cancel(0);
    await turn();
    expect(pool.numCancelled).toBe(1);
    const calls: number[] = [];
    const again = await resume(await leftBy(pool), {
      functions,
      groups: { mine: { cancelCallback: (id) => void calls.push(id) } },
    });
    await again.gatherAndClose();
    expect(calls).toEqual([0]);
    expect(again.totals).toMatchObject({ cancelled: 1 });
  });

  test('if only the cancellation of its group was written', async () => {
    const { work, calls } = noting(never);
    const pool = taskPool({ functions: { work }, poolSize: 2 });
    pool.map(work, [0, 1, 2, 3], { numConcurrent: 3, groupName: 'mine' });
    await turn();
    const { nextSeq } = pool.journal;
    pool.cancelGroup('mine', 'over');
    const store = await leftBy(pool, nextSeq);
    calls.length = 0;
    const again = await resume(store, { functions: {} });
    await again.gatherAndClose();
    expect(calls).toEqual([]);
    expect(again.totals).toMatchObject({ created: 3, cancelled: 3 });
    expect(replay(store)).toEqual(again.snapshot());
  });
});

test('a signal given for a group cancels it', async () => {
  const pool = taskPool({ functions });
  pool.apply(untilAborted, [], { num: 2, groupName: 'mine' });
  pool.apply(untilAborted, [], { groupName: 'other' });
  await turn();
  const controller = new AbortController();
  const again = await resume(await leftBy(pool), {
    functions,
    groups: { mine: { signal: controller.signal } },
  });
  while (again.numRunning < 3) await turn();
  controller.abort('enough');
  await turn();
  expect(again.totals.cancelled).toBe(2);
  expect(again.numRunning).toBe(1);
  again.cancelAll();
  await again.gatherAndClose();

  const aborted = await resume(await leftBy(pool), {
    functions,
    groups: { mine: { signal: AbortSignal.abort('before') } },
  });
  expect(aborted.totals.cancelled).toBe(2);
  aborted.cancelAll();
});

test('an actor that is looked at says which attempt it is', async () => {
  const pool = taskPool({ functions });
  pool.apply(untilAborted);
  await turn();
  const again = await resume(await leftBy(pool), { functions });
  const { actor } = again.task(0);
  expect(actor.getSnapshot()).toMatchObject({ value: 'queued', context: { attempt: 2 } });
  while (again.numRunning === 0) await turn();
  expect(actor.getSnapshot().value).toEqual({ running: 'active' });
  again.cancelAll();
  await again.gatherAndClose();
  expect(actor.getSnapshot()).toMatchObject({ status: 'done', output: { outcome: 'cancelled' } });
});

test('what was delayed in a group that was being cancelled is cancelled, and not run again', async () => {
  const { work, calls } = noting(() => {
    throw new Error('no');
  });
  const pool = taskPool({ functions: { work } });
  const group = pool.map(work, [1], { retry: { limit: 1, delay: 60_000 } });
  void group.settled();
  while (pool.numDelayed === 0) await turn();
  group.cancel('over');
  const cancelled = [...pool.journal].find(({ type }) => type === 'group.cancelled');
  calls.length = 0;
  const next = await resume(await leftBy(pool, cancelled?.seq), { functions: { work } });
  await next.gatherAndClose();
  expect(next.totals).toMatchObject({ cancelled: 1, rejected: 0 });
  expect(calls).toEqual([]);
  await pool.gatherAndClose();
});
