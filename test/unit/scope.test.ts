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

  test('throws unhandled failures', async () => {
    const failing = TaskPool.scope(options, (pool) => {
      pool.apply(() => Promise.reject(new Error('lost')));
    });
    await expect(failing).rejects.toThrow('lost');

    const handled = TaskPool.scope(options, async (pool) => {
      await pool.apply(() => Promise.reject(new Error('seen'))).settled();
    });
    await expect(handled).resolves.toBeUndefined();
  });

  test('throws the error of the body together with unhandled failures', async () => {
    const [body, task, unwinding] = ['body', 'task', 'unwinding'].map((text) => new Error(text));
    const scope = TaskPool.scope(options, async (pool) => {
      pool.apply(() => Promise.reject(task));
      pool.apply((context) => untilAborted(context).catch(() => Promise.reject(unwinding)));
      pool.apply(untilAborted);
      await turn();
      throw body;
    });
    const error = (await rejectionOf(scope)) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors).toEqual([body, task, unwinding]);
    expect(error.cause).toBe(body);
    expect(error.message).toBe('body (and 2 other failures)');
  });

  test('throws a failure once that the body had asked for, or has thrown', async () => {
    const bad = new Error('bad');
    const asked = TaskPool.scope(options, async (pool) => {
      await pool.map(() => Promise.reject(bad), [1, 2, 3]).results();
    });
    expect(await rejectionOf(asked)).toBe(bad);

    const known = TaskPool.scope(options, async (pool) => {
      pool.apply(() => Promise.reject(bad));
      await turn();
      throw bad;
    });
    expect(await rejectionOf(known)).toBe(bad);
  });

  test('throws both what the body threw and what closing inside came to', async () => {
    const [body, task] = [new Error('body'), new Error('task')];
    const left = TaskPool.scope(options, async (pool) => {
      pool.apply(() => Promise.reject(task));
      await turn();
      void pool.gatherAndClose();
      throw body;
    });
    expect(((await rejectionOf(left)) as AggregateError).errors).toEqual([body, task]);

    const awaited = TaskPool.scope(options, async (pool) => {
      pool.apply(() => Promise.reject(task));
      await pool.gatherAndClose();
    });
    expect(await rejectionOf(awaited)).toBe(task);
  });

  test('throws anything with anything', async () => {
    const scope = TaskPool.scope(options, async (pool) => {
      pool.apply(() => Promise.reject(null));
      await turn();
      return Promise.reject(undefined);
    });
    const { errors, message } = (await rejectionOf(scope)) as AggregateError;
    expect(errors).toEqual([undefined, null]);
    expect(message).toBe('undefined (and another failure)');
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

  test('a pool throws unhandled failures', async () => {
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
