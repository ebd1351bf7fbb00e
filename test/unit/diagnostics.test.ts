/** Attempts on Node's diagnostics channels. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AttemptMessage, publishDiagnostics } from 'xstate-taskpool/node';
import { taskPool, turn } from '../support/pools.ts';

const KINDS = ['start', 'end', 'error'] as const;
let seen: [string, AttemptMessage][];
const handlers = KINDS.map((kind) => (message: unknown) => {
  seen.push([kind, message as AttemptMessage]);
});

beforeEach(() => {
  seen = [];
  for (const [i, kind] of KINDS.entries()) subscribe(`taskpool.task.${kind}`, handlers[i]!);
});
afterEach(() => {
  for (const [i, kind] of KINDS.entries()) unsubscribe(`taskpool.task.${kind}`, handlers[i]!);
});

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
