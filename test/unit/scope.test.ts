import { describe, expect, test } from 'vitest';
import { type SimpleTaskPool, TaskPool } from 'xstate-taskpool';
import { rejectionOf, Stage, thrownBy } from '../support/observing.ts';
import { actors, Log, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const options = { actors, logger: new Log() } as const;

describe('TaskPool.scope', () => {
  test('drains on return, and gives what the body gave', async () => {
    const done: number[] = [];
    let inside: TaskPool | undefined;
    const value = await TaskPool.scope({ ...options, poolSize: 1, name: 'mine' }, (pool) => {
      inside = pool;
      pool.map(async (n: number) => void done.push(n), [1, 2, 3]);
      return 'value';
    });
    expect(value).toBe('value');
    expect(done).toEqual([1, 2, 3]);
    expect(inside).toMatchObject({ isClosed: true, name: 'mine', poolSize: 1 });
  });

  test('cancels on throw, with what was thrown, and throws it again', async () => {
    const error = new Error('body');
    const reasons: unknown[] = [];
    let inside: TaskPool | undefined;
    const scope = TaskPool.scope(options, async (pool) => {
      inside = pool;
      pool.apply(({ signal }) => untilAborted({ signal }).catch((e) => void reasons.push(e)));
      await turn();
      throw error;
    });
    expect(await rejectionOf(scope)).toBe(error);
    expect(reasons).toEqual([error]);
    expect(inside?.isClosed).toBe(true);
  });

  test('cancels what the body started before it threw at once', async () => {
    let ran = false;
    const scope = TaskPool.scope(options, (pool) => {
      pool.apply(() => {
        ran = true;
      });
      throw new Error('at once');
    });
    await expect(scope).rejects.toThrow('at once');
    expect(ran).toBe(false);
  });

  test('throws the failures that nobody asked for', async () => {
    const failing = TaskPool.scope(options, (pool) => {
      pool.apply(() => Promise.reject(new Error('lost')));
    });
    await expect(failing).rejects.toThrow('lost');

    const handled = TaskPool.scope(options, async (pool) => {
      await pool.apply(() => Promise.reject(new Error('seen'))).settled();
    });
    await expect(handled).resolves.toBeUndefined();
  });

  test('throws what the body threw, not what tasks threw besides', async () => {
    const scope = TaskPool.scope(options, async (pool) => {
      pool.apply(() => Promise.reject(new Error('task')));
      await turn();
      throw new Error('body');
    });
    await expect(scope).rejects.toThrow('body');
  });

  test('may be closed inside', async () => {
    const value = await TaskPool.scope(options, async (pool) => {
      await pool.gatherAndClose();
      return pool.isClosed;
    });
    expect(value).toBe(true);
  });
});

describe('await using', () => {
  test('a pool waits for all that it was given, and closes', async () => {
    const stage = new Stage();
    let outside: TaskPool | undefined;
    const scope = async () => {
      await using pool = taskPool();
      outside = pool;
      pool.map(stage.work, [1, 2]);
    };
    const left = scope();
    await turn();
    expect(outside).toMatchObject({ isLocked: true, isClosed: false });
    await stage.finish(1, 2);
    await left;
    expect(outside?.isClosed).toBe(true);
  });

  test('a SimpleTaskPool too', async () => {
    let outside: SimpleTaskPool<number> | undefined;
    await (async () => {
      await using pool = simplePool(async () => 1);
      outside = pool;
      pool.start(3);
    })();
    expect(outside).toMatchObject({ isClosed: true, totals: { fulfilled: 3 } });
    expect(thrownBy(() => outside?.start(1))).toMatchObject({ code: 'PoolIsClosed' });
  });

  test('a pool throws the failures that nobody asked for', async () => {
    const scope = async () => {
      await using pool = taskPool();
      pool.apply(() => Promise.reject(new Error('lost')));
    };
    await expect(scope()).rejects.toThrow('lost');
  });

  test('a group waits for its end; its failures stay for gatherAndClose', async () => {
    const stage = new Stage();
    const pool = taskPool();
    const scope = async () => {
      await using _group = pool.map(stage.work, [1, 2]);
    };
    const left = scope();
    await stage.fail(1, new Error('lost'));
    await stage.finish(2);
    await left;
    expect(pool.totals).toMatchObject({ fulfilled: 1, rejected: 1 });
    await expect(pool.gatherAndClose()).rejects.toThrow('lost');
  });
});
