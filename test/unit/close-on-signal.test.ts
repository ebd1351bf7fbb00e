import { afterEach, describe, expect, test, vi } from 'vitest';
import { type BasePool, PoolSuspended } from 'xstate-taskpool';
import { closeOnSignal } from 'xstate-taskpool/node';
import { storeOver } from '../support/memory-like.ts';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

/** No test sends itself a signal that would end it. */
const SIGNAL = 'SIGUSR2';
const send = () => process.emit(SIGNAL, SIGNAL);
const errors: unknown[] = [];
const watch = (pool: BasePool, grace = 10_000) =>
  closeOnSignal(pool, {
    signals: [SIGNAL],
    grace,
    exit: false,
    onError: (error) => errors.push(error),
  });

afterEach(() => {
  errors.length = 0;
  expect(process.listenerCount(SIGNAL)).toBe(0);
});

describe('with a signal', () => {
  test('a pool finishes what runs, cancels what waits, and closes', async () => {
    const pool = taskPool({ poolSize: 1 });
    const gate = new Gate<string>();
    const settled = pool.map(() => gate.promise, [1, 2]).settled();
    watch(pool);
    await turn();
    send();
    await turn();
    expect(pool.status).toBe('closing');
    gate.resolve('done');
    await pool.untilClosed();
    await expect.poll(() => process.listenerCount(SIGNAL)).toBe(0);
    expect(pool.totals).toMatchObject({ fulfilled: 1, cancelled: 1 });
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'cancelled']);
    expect(errors).toEqual([]);
  });

  test('a second one aborts what runs', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    watch(pool);
    await turn();
    send();
    send();
    await expect(group.results()).rejects.toThrow(`the process got ${SIGNAL}`);
    await expect.poll(() => process.listenerCount(SIGNAL)).toBe(0);
    expect(pool.status).toBe('closed');
  });

  test.each([Infinity, 2 ** 40])('a grace of %d ms is not over at once', async (grace) => {
    const pool = taskPool();
    const gate = new Gate<string>();
    const results = pool.apply(() => gate.promise).results();
    watch(pool, grace);
    await turn();
    send();
    await new Promise((resolve) => setTimeout(resolve, 3));
    gate.resolve('done');
    expect(await results).toEqual(['done']);
    await expect.poll(() => process.listenerCount(SIGNAL)).toBe(0);
    expect(errors).toEqual([]);
  });

  test('so does the end of the grace', async () => {
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    watch(pool, 5);
    await turn();
    send();
    await expect(group.results()).rejects.toThrow(`the process got ${SIGNAL}`);
    await expect.poll(() => process.listenerCount(SIGNAL)).toBe(0);
  });

  test('a durable pool is suspended', async () => {
    const { kept, store } = storeOver();
    const close = vi.fn(async () => {});
    const functions = { untilAborted };
    const pool = taskPool({ functions, journal: { ...store, close } });
    const group = pool.apply(untilAborted);
    watch(pool);
    await turn();
    send();
    send();
    await expect(group.results()).rejects.toThrow(PoolSuspended);
    await expect.poll(() => process.listenerCount(SIGNAL)).toBe(0);
    expect(close).toHaveBeenCalledOnce();
    expect([...kept].map(({ type }) => type)).not.toContain('task.ended');
  });

  test('unhandled failures are reported', async () => {
    const pool = taskPool();
    pool.apply(async () => {
      throw new Error('no');
    });
    watch(pool);
    await pool.untilIdle();
    send();
    await expect.poll(() => errors).toEqual([new Error('no')]);
    await expect.poll(() => process.listenerCount(SIGNAL)).toBe(0);
  });
});

test('nothing is left of it once the pool is closed, or it is undone', async () => {
  const pool = taskPool();
  watch(pool);
  await pool.gatherAndClose();
  const other = taskPool();
  const undo = watch(other);
  undo();
  send();
  expect(other.status).toBe('open');
});
