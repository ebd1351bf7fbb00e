/** Attempts on Node's diagnostics channels. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BasePool } from 'xstate-taskpool';
import { type AttemptMessage, publishDiagnostics } from 'xstate-taskpool/node';
import { taskPool, turn } from '../support/pools.ts';

const KINDS = ['start', 'end', 'error'] as const;
let seen: [string, AttemptMessage][];
const handlers = KINDS.map((kind) => (message: unknown) => {
  seen.push([kind, message as AttemptMessage]);
});

/** Ends the subscriptions of this file. */
function unsubscribeAll() {
  for (const [i, kind] of KINDS.entries()) unsubscribe(`taskpool.task.${kind}`, handlers[i]!);
}

beforeEach(() => {
  seen = [];
  for (const [i, kind] of KINDS.entries()) subscribe(`taskpool.task.${kind}`, handlers[i]!);
});
afterEach(unsubscribeAll);

test('each attempt is published at its start and its end, with one message', async () => {
  const pool = taskPool({ name: 'p' });
  publishDiagnostics(pool);
  await pool.map(async (n: number) => n * 2, [21], { groupName: 'g' }).results();
  expect(seen.map(([kind]) => kind)).toEqual(['start', 'end']);
  expect(seen[0]![1]).toBe(seen[1]![1]);
  expect(seen[1]![1]).toMatchObject({ pool: 'p', group: 'g', id: 0, attempt: 1, result: 42 });
});

test('an error is published before the end', async () => {
  const pool = taskPool();
  publishDiagnostics(pool);
  const error = new Error('no');
  const fails = () => {
    throw error;
  };
  await pool.apply(fails, [], { retry: { limit: 1, delay: 0 } }).settled();
  const attempt = ['start', 'error', 'end'];
  expect(seen.map(([kind]) => kind)).toEqual([...attempt, ...attempt]);
  expect(seen.map(([, { attempt }]) => attempt)).toEqual([1, 1, 1, 2, 2, 2]);
  expect(seen[1]![1].error).toBe(error);
});

test('a store that is bound to the start holds during the attempt', async () => {
  const pool = taskPool();
  publishDiagnostics(pool);
  const storage = new AsyncLocalStorage<AttemptMessage>();
  const start = channel('taskpool.task.start');
  start.bindStore(storage, (message) => message as AttemptMessage);
  try {
    const ids = await pool
      .map(async () => {
        await turn();
        return storage.getStore()?.id;
      }, [1, 2])
      .results();
    expect(ids).toEqual([0, 1]);
  } finally {
    start.unbindStore(storage);
  }
});

test('it can be ended', async () => {
  const pool = taskPool();
  publishDiagnostics(pool)();
  await pool.apply(() => 1).results();
  expect(seen).toEqual([]);
});

test('attempts are wrapped only while somebody has subscribed', async () => {
  const pool = taskPool({ poolSize: 1, retain: 'none' });
  const wrap = vi.spyOn(pool, 'around');
  publishDiagnostics(pool);
  const work = async (n: number) => {
    if (n === 1) unsubscribeAll();
    if (n === 3) subscribe('taskpool.task.start', handlers[0]!);
    return wrap.mock.calls.length;
  };
  expect(await pool.map(work, [0, 1, 2, 3, 4]).results()).toEqual([1, 1, 1, 1, 2]);
  expect(seen.map(([kind, { index }]) => `${kind} ${index}`)).toEqual([
    'start 0',
    'end 0',
    'start 1',
    'start 4',
  ]);
});

test('without subscribers slots pass directly from task to task', async () => {
  unsubscribeAll();
  const pool = taskPool({ actors: 'lazy' });
  const wrap = vi.spyOn(pool, 'around');
  publishDiagnostics(pool);
  expect(await pool.map((n: number) => n, [1, 2, 3]).results()).toEqual([1, 2, 3]);
  expect(BasePool.coreOf(pool).door.mayRelay).toBe(true);
  expect(wrap).not.toHaveBeenCalled();
});
