import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Queue } from 'xstate-taskpool';
import { isPending, rejectionOf, Stage, typesOf } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

const stop = new Error('stop');
const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('the signal of a pool', () => {
  test('cancels everything with its reason, and closes the pool', async () => {
    const controller = new AbortController();
    const pool = taskPool({ signal: controller.signal, poolSize: 1 });
    const running = pool.map(untilAborted, [1, 2, 3], { numConcurrent: 2 });
    const waiting = pool.apply(untilAborted);
    const results = [running.results(), waiting.results()].map(rejectionOf);
    await turn();
    controller.abort(stop);
    expect(pool.isLocked).toBe(true);
    await pool.untilClosed();
    expect(await Promise.all(results)).toEqual([stop, stop]);
    expect(pool.totals).toMatchObject({ started: 1, cancelled: 3 });
    await expect(pool.gatherAndClose()).resolves.toEqual([]);
  });

  test('that is aborted already closes the pool at once', async () => {
    const pool = taskPool({ signal: AbortSignal.abort(stop) });
    expect(pool.isLocked).toBe(true);
    await pool.untilClosed();
    expect(typesOf(pool)).toEqual(['pool.created', 'pool.closing', 'pool.closed']);
  });

  test('waits for what unwinds', async () => {
    const controller = new AbortController();
    const stage = new Stage();
    const pool = taskPool({ signal: controller.signal });
    pool.map(stage.work, [1]);
    await turn();
    controller.abort();
    expect(await isPending(pool.untilClosed())).toBe(true);
    await stage.finish(1);
    await pool.untilClosed();
  });

  test('aborted while the pool closes cancels what is left', async () => {
    const controller = new AbortController();
    const pool = taskPool({ signal: controller.signal });
    pool.apply(untilAborted);
    await turn();
    const closed = pool.gatherAndClose();
    controller.abort(stop);
    await closed;
    expect(pool.totals.cancelled).toBe(1);
  });

  test('has no listener left when the pool is closed', async () => {
    const { signal } = new AbortController();
    const pool = taskPool({ signal });
    expect(listeners(signal)).toBe(1);
    await pool.gatherAndClose();
    expect(listeners(signal)).toBe(0);
  });
});

describe('the signal of a group', () => {
  test('cancels the group with its reason, and nothing else', async () => {
    const controller = new AbortController();
    const pool = taskPool();
    const group = pool.map(untilAborted, [1, 2], { signal: controller.signal, numConcurrent: 2 });
    pool.apply(untilAborted, [], { groupName: 'other' });
    await turn();
    controller.abort(stop);
    expect(await rejectionOf(group.results())).toBe(stop);
    expect((await group.settled()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(pool).toMatchObject({ numRunning: 1, isLocked: false });
    pool.cancelGroup('other');
  });

  test('that is aborted already lets no task start', async () => {
    const pool = taskPool();
    const called: number[] = [];
    const signal = AbortSignal.abort(stop);
    const mapped = pool.map(async (n: number) => called.push(n), [1], { signal });
    const applied = pool.apply(() => called.push(2), [], { signal, groupName: 'mine' });
    expect(await rejectionOf(mapped.results())).toBe(stop);
    expect(await rejectionOf(applied.results())).toBe(stop);
    expect(called).toEqual([]);
    expect(() => pool.getGroupIds('mine')).toThrow();
  });

  test('of many groups at once is one listener, and none when they have ended', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const pool = taskPool();
    const groups = Array.from({ length: 20 }, (_, n) => pool.apply(() => n, [], { signal }));
    expect(listeners(signal)).toBe(1);
    await Promise.all(groups.map((group) => group.results()));
    expect(listeners(signal)).toBe(0);
    controller.abort();
    expect(typesOf(pool)).not.toContain('group.cancelled');
  });

  test('has no listener left by a group that was cancelled otherwise', async () => {
    const { signal } = new AbortController();
    const pool = taskPool();
    const group = pool.apply(untilAborted, [], { signal });
    await turn();
    group.cancel();
    await turn();
    expect(listeners(signal)).toBe(0);
  });

  test('has no listener left by a group without tasks', async () => {
    const { signal } = new AbortController();
    const pool = taskPool();
    pool.apply(() => 1, [], { num: 0, signal });
    pool.map(() => 1, [], { signal });
    await pool.untilIdle();
    expect(listeners(signal)).toBe(0);
  });

  test('may be shared by pool and groups', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const pool = taskPool({ signal });
    const group = pool.apply(untilAborted, [], { signal });
    await turn();
    controller.abort(stop);
    expect(await rejectionOf(group.results())).toBe(stop);
    await pool.untilClosed();
    expect(typesOf(pool).filter((type) => type === 'group.cancelled')).toHaveLength(1);
  });
});

describe('the signal of gatherAndClose', () => {
  test('cancels with its reason; the pool still closes', async () => {
    const controller = new AbortController();
    const pool = taskPool();
    const group = pool.apply(untilAborted);
    const closed = pool.gatherAndClose({ signal: controller.signal });
    const error = rejectionOf(group.results());
    expect(await isPending(closed)).toBe(true);
    controller.abort(stop);
    expect(await closed).toEqual([]);
    expect(await error).toBe(stop);
    expect(pool.isClosed).toBe(true);
    expect(listeners(controller.signal)).toBe(0);
  });

  test('that is aborted already cancels at once', async () => {
    const pool = taskPool();
    pool.apply(untilAborted);
    await turn();
    await pool.gatherAndClose({ signal: AbortSignal.abort(stop) });
    expect(pool.totals.cancelled).toBe(1);
  });

  test('of a second call cancels as well', async () => {
    const controller = new AbortController();
    const pool = taskPool();
    pool.apply(untilAborted);
    await turn();
    const closed = pool.gatherAndClose();
    void pool.gatherAndClose({ signal: controller.signal });
    controller.abort(stop);
    await closed;
    expect(pool.totals.cancelled).toBe(1);
  });

  test('has no listener left when the pool is closed, or was closed before', async () => {
    const { signal } = new AbortController();
    const pool = taskPool();
    await pool.gatherAndClose({ signal });
    await pool.gatherAndClose({ signal });
    expect(listeners(signal)).toBe(0);
  });
});

describe('where listeners are called without this, as workerd does', () => {
  /** A signal whose listeners get nothing but the event. */
  function abortable() {
    const controller = new AbortController();
    const { signal } = controller;
    const called = new Map<() => void, () => void>();
    signal.addEventListener = (type: string, listener: () => void, options?: object) => {
      const call = (): void => listener();
      called.set(listener, call);
      AbortSignal.prototype.addEventListener.call(signal, type, call, options);
    };
    signal.removeEventListener = (type: string, listener: () => void) => {
      const call = called.get(listener) ?? listener;
      AbortSignal.prototype.removeEventListener.call(signal, type, call);
    };
    return { signal, abort: () => controller.abort(stop) };
  }

  test('every wait ends with its signal', async () => {
    const { signal, abort } = abortable();
    const pool = taskPool({ poolSize: 1 });
    pool.apply(untilAborted);
    pool.apply(untilAborted);
    const full = new Queue<string>({ maxsize: 1 });
    full.putNowait('a');
    const waits = [
      pool.untilIdle({ signal }),
      pool.untilSizeBelow(1, { signal }),
      pool.untilClosed({ signal }),
      new Queue().get({ signal }),
      full.put('b', { signal }),
      full.join({ signal }),
    ].map(rejectionOf);
    await turn();
    abort();
    expect(await Promise.all(waits)).toEqual(Array(6).fill(stop));
    pool.cancelAll();
    await pool.gatherAndClose();
  });

  test('a group and a pool are cancelled with theirs', async () => {
    const [ofGroup, ofPool] = [abortable(), abortable()];
    const pool = taskPool({ signal: ofPool.signal, poolSize: 2 });
    const first = pool.apply(untilAborted, [], { signal: ofGroup.signal });
    const second = pool.apply(untilAborted);
    await turn();
    ofGroup.abort();
    expect(await rejectionOf(first.results())).toBe(stop);
    ofPool.abort();
    expect(await rejectionOf(second.results())).toBe(stop);
    await pool.untilClosed();
    expect([listeners(ofGroup.signal), listeners(ofPool.signal)]).toEqual([0, 0]);
  });
});
