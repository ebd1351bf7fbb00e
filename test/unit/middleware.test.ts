import { describe, expect, test } from 'vitest';
import { AlreadyEnded, type Middleware, type TaskContext } from 'xstate-taskpool';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';

const double = (n: number) => 2 * n;

describe('around', () => {
  test('wraps each attempt, with the context of the task and the same signal', async () => {
    const seen: unknown[] = [];
    const around: Middleware = async (task, run) => {
      seen.push(['before', task.id, task.groupName, task.index]);
      const value = await run();
      seen.push(['after', value]);
      return value;
    };
    const pool = taskPool({ around });
    const signals: AbortSignal[] = [];
    const group = pool.map(
      (n: number, { signal }: TaskContext) => {
        signals.push(signal);
        return n;
      },
      [7, 8],
      { groupName: 'g' },
    );
    expect(await group.results()).toEqual([7, 8]);
    expect(seen).toEqual([
      ['before', 0, 'g', 0],
      ['after', 7],
      ['before', 1, 'g', 1],
      ['after', 8],
    ]);
    expect(new Set(signals).size).toBe(2);
  });

  test('gives what it returns in place of the value of the function', async () => {
    const pool = taskPool({ around: async (_, run) => `<${await run()}>` });
    expect(await pool.map(double, [1, 2]).results()).toEqual(['<2>', '<4>']);
    expect(await pool.apply((a: number, b: number) => a + b, [1, 2]).results()).toEqual(['<3>']);
  });

  test('can do without the function', async () => {
    let calls = 0;
    const pool = taskPool({ around: () => 'cached' });
    expect(await pool.apply(() => calls++).results()).toEqual(['cached']);
    expect(calls).toBe(0);
  });

  test('fails the task with what it throws, at once or later', async () => {
    const error = new Error('no');
    for (const around of [() => Promise.reject(error), thrower(error)]) {
      await expect(taskPool({ around }).map(double, [1]).results()).rejects.toBe(error);
    }
  });

  test('gets a synchronous error of the function as a rejection', async () => {
    const error = new Error('sync');
    const caught: unknown[] = [];
    const pool = taskPool({
      around: (_, run) =>
        run().catch((reason: unknown) => {
          caught.push(reason);
          throw reason;
        }),
    });
    await expect(pool.apply(thrower(error)).results()).rejects.toBe(error);
    expect(caught).toEqual([error]);
  });

  test('is cancelled with the function', async () => {
    const seen: string[] = [];
    const pool = taskPool({
      around: async (task, run) => {
        task.signal.addEventListener('abort', () => seen.push('aborted'));
        return run();
      },
    });
    const group = pool.map(untilAborted, [1]);
    await turn();
    group.cancel('enough');
    expect((await group.settled())[0]).toMatchObject({ status: 'cancelled', reason: 'enough' });
    expect(seen).toEqual(['aborted']);
  });

  test('has to be a function', () => {
    expect(() => taskPool({ around: 'log' as unknown as Middleware })).toThrow(
      "expected around to be a function, got 'log'",
    );
  });
});

function thrower(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe('around() of a pool', () => {
  test('wraps attempts that start from then on, until it is undone; what came last is outermost', async () => {
    const pool = taskPool({ around: async (_, run) => `<${await run()}>` });
    const brackets: Middleware = async (_, run) => `[${await run()}]`;
    const undo = [pool.around(brackets), pool.around(brackets)];
    expect(await pool.apply(() => 1).results()).toEqual(['[[<1>]]']);
    undo[0]?.();
    undo[0]?.();
    expect(await pool.apply(() => 2).results()).toEqual(['[<2>]']);
    undo[1]?.();
    expect(await pool.apply(() => 3).results()).toEqual(['<3>']);
  });

  test('wraps the tasks of a pool without any', async () => {
    const pool = taskPool();
    const undo = pool.around(async ({ functionName }) => functionName);
    expect(await pool.map(double, [1]).results()).toEqual(['double']);
    undo();
    expect(await pool.map(double, [1]).results()).toEqual([2]);
  });

  test('takes functions only', () => {
    expect(() => taskPool().around({} as never)).toThrow('expected middleware to be a function');
  });
});

describe('a middleware that does not wait for what it runs', () => {
  test('holds the slot of its task until that settles', async () => {
    const gate = new Gate();
    const pool = taskPool({
      poolSize: 1,
      around: (_, run) => {
        void run();
        return 'early';
      },
    });
    const group = pool.map(() => gate.promise, [1]);
    await turn();
    expect(pool.numRunning).toBe(1);
    gate.resolve();
    expect(await group.results()).toEqual(['early']);
    expect(pool.numRunning).toBe(0);
  });

  test('cannot run the function once the attempt is over', async () => {
    let calls = 0;
    let late: () => Promise<unknown> = async () => {};
    const pool = taskPool({
      around: (_, run) => {
        late = run;
        return 'instead';
      },
    });
    expect(await pool.map(() => ++calls, [1]).results()).toEqual(['instead']);
    await expect(late()).rejects.toThrow(AlreadyEnded);
    expect(calls).toBe(0);
  });
});
