/** Calls that threads are sent while they run others: whatever becomes of those, each is run once. */

import { expect, test } from 'vitest';
import { Log, taskPool, turn } from '../../support/pools.ts';
import { type WorkInThreads, workInThreads } from '../../support/threads.ts';

const CALLS = 400;

/** Short calls, enough of them at once that threads are sent some ahead; and how often each had its effect. */
function shortCalls(work: WorkInThreads) {
  const pool = taskPool({ retain: 'all', logger: new Log() });
  const effects = new SharedArrayBuffer(4 * CALLS);
  const calls = Array.from({ length: CALLS }, (_, index) => [effects, index] as const);
  const group = pool.starmap(work.add, calls as never, { numConcurrent: 64 });
  return { pool, group, counts: new Int32Array(effects) };
}

test('they do not wait behind one that never ends', async () => {
  const work = workInThreads({ min: 2, max: 2, grace: 20 });
  const { pool, group, counts } = shortCalls(work);
  const endless = pool.apply(work.loop);
  await group.settled();
  expect([...counts]).toEqual(Array(CALLS).fill(1));
  endless.cancel();
  await pool.gatherAndClose({ returnExceptions: true });
});

test('they run elsewhere if their thread dies', async () => {
  const work = workInThreads({ min: 1, max: 1 });
  const { pool, group, counts } = shortCalls(work);
  const deadly = pool.map(work.exit, [1, 2, 3], { numConcurrent: 1 });
  expect((await group.settled()).map(({ status }) => status)).toEqual(
    Array(CALLS).fill('fulfilled'),
  );
  expect([...counts]).toEqual(Array(CALLS).fill(1));
  for (const each of await deadly.settled()) expect(each).toMatchObject({ status: 'rejected' });
});

test('they never begin once they are cancelled, unless they have', async () => {
  const work = workInThreads({ min: 2, max: 2 });
  const { pool, group, counts } = shortCalls(work);
  pool.on('task.started', ({ id }) => {
    if (id % 3 === 1) setImmediate(() => pool.task(id).cancel());
  });
  for (const { id, index, status } of await group.settled()) {
    if (status === 'fulfilled') expect(counts[index]).toBe(1);
    else expect([status, id % 3]).toEqual(['cancelled', 1]);
    expect(counts[index]).toBeLessThanOrEqual(1);
  }
});

test('they start in the order in which they were made, on one thread', async () => {
  const work = workInThreads({ min: 1, max: 1 });
  const order: number[] = [];
  const numbers = Array.from({ length: CALLS }, (_, n) => n);
  await Promise.all(
    numbers.map(async (n) => {
      order.push((await work.echo(n)) as number);
    }),
  );
  expect(order).toEqual(numbers);
});

test('however many are cancelled while their thread is busy, none of them begins', async () => {
  const work = workInThreads({ min: 1, max: 1 });
  const { pool, group } = shortCalls(work);
  await group.settled();
  const gate = new SharedArrayBuffer(4);
  const busy = pool.apply(work.through, [gate] as never);
  const effects = new SharedArrayBuffer(4 * CALLS);
  for (let index = 0; index < CALLS - 1; index++) {
    const cancelled = pool.apply(work.add, [effects, index] as never);
    await turn();
    cancelled.cancel();
  }
  const last = pool.apply(work.add, [effects, CALLS - 1] as never);
  await turn();
  Atomics.store(new Int32Array(gate), 0, 1);
  await Promise.all([busy.results(), last.results()]);
  expect([...new Int32Array(effects)]).toEqual([...Array(CALLS - 1).fill(0), 1]);
});
