import { describe, expect, test } from 'vitest';
import { PoolIsClosed, replay } from 'xstate-taskpool';
import { typesOf } from '../support/observing.ts';
import { Gate, simplePool, taskPool, turn } from '../support/pools.ts';

const work = (n: number) => n;

describe('a paused pool', () => {
  test('starts nothing, takes calls, and finishes what runs', async () => {
    const pool = taskPool();
    const gate = new Gate();
    const running = pool.apply(() => gate.promise);
    await turn();
    pool.pause();
    const waiting = pool.map(work, [1, 2]);
    gate.resolve();
    await running.results();
    await turn();
    expect(pool.isPaused).toBe(true);
    expect(pool.totals).toMatchObject({ created: 2, started: 1, fulfilled: 1 });
    pool.resume();
    expect(pool.isPaused).toBe(false);
    expect(await waiting.results()).toEqual([1, 2]);
  });

  test('keeps its status', () => {
    const pool = taskPool();
    expect(pool.status).toBe('open');
    pool.pause();
    expect(pool.status).toBe('open');
    pool.lock();
    expect([pool.status, pool.isPaused]).toEqual(['locked', true]);
  });

  test('records each change once', () => {
    const pool = taskPool();
    pool.resume();
    pool.pause();
    pool.pause();
    pool.resume();
    pool.resume();
    expect(typesOf(pool).slice(1)).toEqual(['pool.paused', 'pool.resumed']);
  });

  test('does not start tasks by being made larger, nor by a group that is resumed', async () => {
    const pool = taskPool({ poolSize: 0 });
    const group = pool.map(work, [1, 2]);
    group.pause();
    pool.pause();
    pool.poolSize = 5;
    group.resume();
    await turn();
    expect(pool.totals.started).toBe(0);
    pool.resume();
    expect(await group.results()).toEqual([1, 2]);
  });

  test('leaves groups paused that were so', async () => {
    const pool = taskPool();
    const group = pool.map(work, [1]);
    group.pause();
    pool.pause();
    pool.resume();
    await turn();
    expect(group.isPaused).toBe(true);
    expect(pool.totals.started).toBe(0);
  });

  test('is closed once it is resumed, or its work is cancelled', async () => {
    const pool = taskPool();
    pool.pause();
    pool.map(work, [1, 2]);
    const closing = pool.gatherAndClose();
    await turn();
    expect(pool.status).toBe('closing');
    pool.resume();
    await closing;
    expect(pool.status).toBe('closed');
    expect(() => pool.pause()).toThrow(PoolIsClosed);
    expect(() => pool.resume()).toThrow(PoolIsClosed);

    const other = simplePool(() => 1);
    other.pause();
    other.start(3);
    other.cancelAll();
    await other.gatherAndClose();
    expect(other.totals).toMatchObject({ started: 0, cancelled: 1 });
  });

  test('is paused after replay, and its actor says so', () => {
    const pool = taskPool();
    const { actor } = pool;
    pool.pause();
    expect(replay(pool.journal).paused).toBe(true);
    expect(pool.snapshot().paused).toBe(true);
    expect(actor.getSnapshot().context.paused).toBe(true);
    actor.send({ type: 'pool.resumed' });
    expect(pool.isPaused).toBe(false);
    expect(actor.getSnapshot().context.paused).toBe(false);
  });
});
