/** `unique` keys of submissions, and what becomes of duplicates. */

import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { DuplicateTask, TaskNotFound } from 'xstate-taskpool';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';
import { Time } from '../support/time.ts';

const counter = () => {
  let calls = 0;
  return async () => ++calls;
};

test('another submission with the key gets the same promise, until that has settled', async () => {
  const pool = taskPool({ poolSize: 1 });
  const count = counter();
  const first = pool.submit(count, [], { unique: 'a' });
  const second = pool.submit(count, [], { unique: 'a' });
  expect(second).toBe(first);
  await turn();
  expect(await first).toBe(1);
  expect(await pool.submit(count, [], { unique: 'a' })).toBe(2);
});

test('the signal of one that joined rejects its own promise only', async () => {
  const pool = taskPool();
  const gate = new Gate<string>();
  const controller = new AbortController();
  const { signal } = controller;
  const first = pool.submit(() => gate.promise, [], { unique: 'a' });
  const second = pool.submit(() => gate.promise, [], { unique: 'a', signal });
  const third = pool.submit(() => gate.promise, [], {
    unique: 'a',
    signal: AbortSignal.abort('before'),
  });
  controller.abort('left');
  await expect(second).rejects.toBe('left');
  await expect(third).rejects.toBe('before');
  gate.resolve('done');
  expect(await first).toBe('done');
  expect(pool.totals.created).toBe(1);
});

test('one that joined with a signal rejects as the first one does', async () => {
  const pool = taskPool();
  const gate = new Gate();
  const { signal } = new AbortController();
  const bad = () => gate.promise.then(() => Promise.reject(new Error('bad')));
  const first = pool.submit(bad, [], { unique: 'a' });
  const second = pool.submit(() => 2, [], { unique: 'a', signal });
  expect(second).not.toBe(first);
  gate.resolve();
  for (const promise of [first, second]) await expect(promise).rejects.toThrow('bad');
});

test('is refused where that is asked for', async () => {
  const pool = taskPool();
  const gate = new Gate();
  const first = pool.submit(() => gate.promise, [], { unique: 'a' });
  const second = pool.submit(() => 1, [], { unique: 'a', onDuplicate: 'refuse' });
  await expect(second).rejects.toThrow(DuplicateTask);
  gate.resolve();
  await first;
  expect(await pool.submit(() => 1, [], { unique: 'a', onDuplicate: 'refuse' })).toBe(1);
});

test('replaces one that runs when its function has settled', async () => {
  const pool = taskPool();
  const unwinding = new Gate();
  const order: string[] = [];
  const first = pool.submit(
    async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await unwinding.promise;
      order.push('first has settled');
      throw signal.reason;
    },
    [],
    { unique: 'a' },
  );
  await turn();
  const replaced = { unique: 'a', onDuplicate: 'replace' } as const;
  const second = pool.submit(() => order.push('second'), [], replaced);
  const third = pool.submit(() => order.push('third'), [], replaced);
  await expect(second).rejects.toThrow(DuplicateTask);
  await turn();
  expect(order).toEqual([]);
  unwinding.resolve();
  await expect(first).rejects.toThrow(/replaced by another submission with the key 'a'/);
  await third;
  expect(order).toEqual(['first has settled', 'third']);
});

test('one that waits for its key keeps the priority that it is given meanwhile', async () => {
  const pool = taskPool({ poolSize: 1 });
  const order: string[] = [];
  const submit = (name: string, options = {}) =>
    pool.submit(() => order.push(name), [], { groupName: 'g', ...options });
  const first = pool.submit(untilAborted, [], { groupName: 'g', unique: 'a' });
  await turn();
  pool.pause();
  const others = [submit('task'), submit('plain', { priority: 1 })];
  await turn();
  others.push(submit('replaces', { unique: 'a', onDuplicate: 'replace' }));
  pool.setPriority('a', 2);
  await expect(first).rejects.toThrow(DuplicateTask);
  pool.resume();
  await Promise.all(others);
  expect(order.indexOf('replaces')).toBeLessThan(order.indexOf('plain'));
});

test('replaces one that waits at once', async () => {
  const pool = taskPool({ poolSize: 1 });
  const gate = new Gate();
  const busy = pool.submit(() => gate.promise);
  await turn();
  const first = pool.submit(() => 1, [], { unique: 'a' });
  const second = pool.submit(() => 2, [], { unique: 'a', onDuplicate: 'replace' });
  await expect(first).rejects.toThrow(DuplicateTask);
  gate.resolve();
  expect(await second).toBe(2);
  await busy;
});

test('a submission is cancelled by its key, before and after it is a task', async () => {
  const pool = taskPool({ poolSize: 1 });
  const running = pool.submit(untilAborted, [], { unique: 'running' });
  await turn();
  const queued = pool.submit(untilAborted, [], { unique: 'queued' });
  const waiting = pool.submit(untilAborted, [], { unique: 'waiting' });
  await turn();
  pool.cancel(['waiting', 'queued', 'running'], 'enough');
  const results = await Promise.allSettled([running, queued, waiting]);
  expect(results).toEqual(Array(3).fill({ status: 'rejected', reason: 'enough' }));
  expect(() => pool.cancel('waiting')).toThrow(TaskNotFound);
});

test('closing waits for one that replaces another', async () => {
  const pool = taskPool();
  const first = pool.submit(untilAborted, [], { unique: 'a' });
  await turn();
  const second = pool.submit(() => 2, [], { unique: 'a', onDuplicate: 'replace' });
  await pool.gatherAndClose();
  expect(await second).toBe(2);
  await expect(first).rejects.toThrow(DuplicateTask);
});

test('one that joined with a signal needs nobody, whichever was cancelled', async () => {
  const pool = taskPool();
  const controller = new AbortController();
  const { signal } = controller;
  const first = pool.submit(untilAborted, [], { unique: 'a' });
  void pool.submit(untilAborted, [], { unique: 'a', signal });
  await turn();
  pool.cancel(['a'], 'enough');
  await expect(first).rejects.toBe('enough');
  const failing = pool.submit(async () => Promise.reject(new Error('no')), [], { unique: 'b' });
  void pool.submit(untilAborted, [], { unique: 'b', signal });
  controller.abort('left');
  await expect(failing).rejects.toThrow('no');
  // An unhandled rejection would fail the test.
  await turn();
});

test('many that wait get priorities, and start in their order', async () => {
  const pool = taskPool({ poolSize: 1 });
  const started: number[] = [];
  const count = 3_000;
  const submit = (n: number) => pool.submit(() => started.push(n), [], { unique: String(n) });
  const all = Array.from({ length: count }, (_, n) => submit(n));
  for (let n = 0; n < count; n++) pool.setPriority(String(n), n);
  await Promise.all(all);
  expect(started).toEqual(Array.from({ length: count }, (_, n) => count - 1 - n));
});

test('one that is over has no key, no timer and no listener left', async () => {
  const clock = new Time();
  const pool = taskPool({ clock });
  const { signal } = new AbortController();
  const options = { unique: 'a', signal, deadline: 60_000 };
  expect(await pool.submit(() => 1, [], options)).toBe(1);
  await clock.advance(59_999);
  expect(clock.numTimers).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(await pool.submit(() => 2, [], options)).toBe(2);
  await pool.gatherAndClose();
});

test('a duplicate is refused in the function that has the key as well', async () => {
  const pool = taskPool();
  const options = { unique: 'a', onDuplicate: 'refuse' } as const;
  const work = () => pool.submit(() => 1, [], options);
  await expect(pool.submit(work, [], options)).rejects.toThrow(DuplicateTask);
  await pool.gatherAndClose();
});
