/** A pool whose journal cannot be written any more. */

import { expect, test } from 'vitest';
import { type EventStore, MemoryStore } from 'xstate-taskpool';
import { Gate, taskPool, turn } from '../support/pools.ts';

test('once the store has failed, a task that waits for a slot is not started', async () => {
  const kept = new MemoryStore();
  let hasFailed = false;
  const store: EventStore = {
    append: (batch) => (hasFailed ? Promise.reject(new Error('disk full')) : kept.append(batch)),
    read: (range) => kept.read(range),
    tail: (options) => kept.tail(options),
    snapshot: (snapshot) => kept.snapshot(snapshot),
    latestSnapshot: () => kept.latestSnapshot(),
    close: () => kept.close(),
  };
  const pool = taskPool({ poolSize: 1, journal: store });
  const called: number[] = [];
  const gate = new Gate();
  const work = async (n: number): Promise<void> => {
    called.push(n);
    await gate.promise;
  };
  pool.map(work, [1, 2, 3], { numConcurrent: 2 });
  await turn();
  expect(called).toEqual([1]);
  expect(pool.numQueued).toBe(1);

  hasFailed = true;
  pool.lock();
  await turn();
  gate.resolve();
  await expect(pool.gatherAndClose()).rejects.toThrow('disk full');
  expect(called).toEqual([1]);
});
