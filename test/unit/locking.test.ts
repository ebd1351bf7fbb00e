import { describe, expect, test } from 'vitest';
import { type BasePool, PoolIsClosed, PoolIsLocked, type TaskPool } from 'xstate-taskpool';
import { eventsOf, isPending, Stage, typesOf } from '../support/observing.ts';
import { Gate, simplePool, taskPool, turn } from '../support/pools.ts';

const work = (n: number) => n;
const newWork: [string, (pool: TaskPool) => unknown][] = [
  ['apply', (pool) => pool.apply(work, [1])],
  ['map', (pool) => pool.map(work, [1])],
  ['starmap', (pool) => pool.starmap(work, [[1]])],
  ['doublestarmap', (pool) => pool.doublestarmap(({ n }: { n: number }) => n, [{ n: 1 }])],
];

describe('lock', () => {
  test.each(newWork)('refuses %s', (_method, call) => {
    const pool = taskPool();
    pool.lock();
    expect(pool.isLocked).toBe(true);
    expect(() => call(pool)).toThrow(PoolIsLocked);
    expect(pool.totals.created).toBe(0);
  });

  test('refuses start', () => {
    const pool = simplePool(() => 1);
    pool.lock();
    expect(() => pool.start(1)).toThrow(PoolIsLocked);
  });

  test('lets accepted work go on, the items not pulled yet included', async () => {
    const pool = taskPool();
    const group = pool.map(work, [1, 2, 3]);
    pool.lock();
    expect(await group.results()).toEqual([1, 2, 3]);
    expect(pool.isLocked).toBe(true);
    expect(pool.isClosed).toBe(false);
  });

  test('leaves cancelling, resizing and flushing as they were', async () => {
    const pool = taskPool();
    pool.apply(() => new Gate().promise);
    await turn();
    pool.lock();
    pool.cancel(0);
    pool.poolSize = 3;
    await pool.flush();
    expect(pool.task(0).state).toBe('cancelling');
    expect(pool.poolSize).toBe(3);
  });

  test('twice is once', () => {
    const pool = taskPool();
    pool.lock();
    pool.lock();
    pool.unlock();
    expect(pool.isLocked).toBe(false);
    pool.unlock();
    expect(typesOf(pool)).toEqual(['pool.created', 'pool.locked', 'pool.unlocked']);
  });
});

test('unlock lets new work in again', async () => {
  const pool = taskPool();
  pool.lock();
  pool.unlock();
  expect(pool.isLocked).toBe(false);
  expect(await pool.apply(() => 1).results()).toEqual([1]);
});

describe('closing', () => {
  test.each(newWork)('refuses %s', (_method, call) => {
    const pool = taskPool();
    void pool.gatherAndClose();
    expect(pool.isLocked).toBe(true);
    expect(() => call(pool)).toThrow(PoolIsClosed);
  });

  test('cannot be undone', async () => {
    const pool = taskPool();
    const stage = new Stage();
    pool.map(stage.work, [1]);
    const closed = pool.gatherAndClose();
    expect(() => pool.unlock()).toThrow(
      new PoolIsClosed(`expected a pool that can be unlocked, got ${pool}, which is closing`),
    );
    pool.lock();
    await stage.finish(1);
    await closed;
    expect(() => pool.unlock()).toThrow(PoolIsClosed);
    pool.lock();
    expect(typesOf(pool)).not.toContain('pool.locked');
  });

  test('closes a locked pool too', async () => {
    const pool = taskPool();
    pool.lock();
    await pool.gatherAndClose();
    expect(pool.isClosed).toBe(true);
    expect(() => pool.apply(() => 1)).toThrow(PoolIsClosed);
  });

  test('finishes what was accepted, items not pulled yet and callbacks included', async () => {
    const pool = taskPool({ poolSize: 1 });
    const callback = new Gate();
    const ended: number[] = [];
    const endCallback = async (id: number) => {
      if (id === 2) await callback.promise;
      ended.push(id);
    };
    const group = pool.map(work, [1, 2, 3], { endCallback });
    const closed = pool.gatherAndClose();
    expect(await group.results()).toEqual([1, 2, 3]);
    expect(await isPending(closed)).toBe(true);
    expect(pool).toMatchObject({ isLocked: true, isClosed: false });

    callback.resolve();
    expect(await closed).toEqual([]);
    expect(ended).toEqual([0, 1, 2]);
    expect(pool.isClosed).toBe(true);
  });

  test('may still be resized, flushed and cancelled, until it is closed', async () => {
    const pool = taskPool({ poolSize: 0 });
    const group = pool.map(work, [1, 2]);
    const closed = pool.gatherAndClose();
    expect(await isPending(closed)).toBe(true);
    pool.poolSize = 1;
    expect(await group.results()).toEqual([1, 2]);
    await closed;
    expect(() => {
      pool.poolSize = 2;
    }).toThrow(PoolIsClosed);
    expect(pool.poolSize).toBe(1);
  });

  test('gives every caller the same promise', async () => {
    const pool = taskPool();
    const first = pool.gatherAndClose();
    expect(pool.gatherAndClose()).toBe(first);
    await first;
    expect(pool.gatherAndClose({ returnExceptions: true })).toBe(first);
  });

  test('gives the same promise to whoever asks when told that it closes', async () => {
    const pool = taskPool();
    const asked: Promise<unknown>[] = [];
    pool.on('pool.closing', () => void asked.push(pool.gatherAndClose()));
    pool.apply(() => Promise.reject(new Error('lost')));
    const first = pool.gatherAndClose();
    expect(asked).toEqual([first]);
    await expect(first).rejects.toThrow('lost');
    expect(eventsOf(pool, 'pool.closing', 'pool.closed')).toHaveLength(2);
  });

  test('forgets everything: tasks, groups and names', async () => {
    const pool = taskPool();
    const group = pool.map(work, [1]);
    await pool.gatherAndClose();
    expect(pool).toMatchObject({ numEnded: 0, numRunning: 0, numQueued: 0 });
    expect(pool.snapshot()).toMatchObject({ status: 'closed', tasks: [], groups: [] });
    expect(() => pool.task(0)).toThrow('expected the id');
    expect(() => pool.getGroupIds(group.name)).toThrow('expected the name');
  });

  test.each<[string, BasePool]>([
    ['TaskPool', taskPool()],
    ['SimpleTaskPool', simplePool(() => 1)],
  ])('an empty %s is closed in the same turn', async (_name, pool) => {
    await pool.gatherAndClose();
    expect(pool.isClosed).toBe(true);
    expect(typesOf(pool)).toEqual(['pool.created', 'pool.closing', 'pool.closed']);
  });
});
