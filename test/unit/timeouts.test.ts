/** Limits in time: of one attempt, of the wait for the first one, and of all together. */

import { describe, expect, test } from 'vitest';
import {
  type AttemptOptions,
  type PoolEvent,
  replay,
  type TaskContext,
  TaskTimedOut,
} from 'xstate-taskpool';
import { Gate, taskPool, turn, untilAborted } from '../support/pools.ts';
import { timed } from '../support/timed.ts';

const ofTask = (event: PoolEvent) => event.type.startsWith('task.');

describe('timeout', () => {
  test('aborts the signal, and the task has failed once its function has given in', async () => {
    const { pool, pass, types } = timed();
    const group = pool.apply(untilAborted, [], { timeout: 100, groupName: 'slow' });
    await pass(99);
    expect(pool.task(0).state).toBe('running');
    await pass(1);
    const [result] = await group.settled();
    const error = new TaskTimedOut(
      "task 0 of 'slow' has reached its timeout of 100 ms",
      'timeout',
      100,
    );
    expect(result).toEqual({ status: 'rejected', id: 0, index: 0, reason: error });
    expect(result).toMatchObject({ reason: { code: 'TaskTimedOut', which: 'timeout', ms: 100 } });
    expect(types().filter((type) => type.startsWith('task'))).toEqual([
      'task.queued',
      'task.started',
      'task.timedOut',
      'task.ended',
    ]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('holds the slot until the function has settled, whatever that does', async () => {
    const { pool, pass } = timed({ poolSize: 1 });
    const gate = new Gate<string>();
    const group = pool.apply(() => gate.promise, [], { timeout: 100 });
    const next = pool.apply(async () => 'next');
    await pass(100);
    expect(pool.task(0).state).toBe('timedOut');
    expect(pool.numRunning).toBe(1);
    expect(pool.isFull).toBe(true);
    gate.resolve('too late');
    await expect(group.results()).rejects.toThrow(TaskTimedOut);
    expect(await next.results()).toEqual(['next']);
  });

  test('has what the function threw as the cause', async () => {
    const { pool, pass } = timed();
    const cause = new Error('could not clean up');
    const group = pool.apply(
      async ({ signal }: TaskContext) => {
        await untilAborted({ signal }).catch(() => {});
        throw cause;
      },
      [],
      { timeout: 100 },
    );
    await pass(100);
    await expect(group.results()).rejects.toMatchObject({ code: 'TaskTimedOut', cause });
  });

  test('is no cause of itself where the function throws the reason of its signal, or nothing', async () => {
    const { pool, pass } = timed();
    const reasons: unknown[] = [];
    const group = pool.map(
      async (n: number, { signal }: TaskContext) => {
        await untilAborted({ signal }).catch(() => {});
        reasons[n] = signal.reason;
        if (n === 0) throw signal.reason;
      },
      [0, 1],
      { timeout: 100, numConcurrent: 2 },
    );
    await pass(100);
    const results = await group.settled();
    for (const [n, result] of results.entries()) {
      expect(result.status === 'rejected' && result.reason).toBe(reasons[n]);
    }
  });

  test('is the reason of the signal', async () => {
    const { pool, pass } = timed();
    let reason: unknown;
    const group = pool.apply(
      ({ signal }: TaskContext) =>
        untilAborted({ signal }).catch((error: unknown) => {
          reason = error;
        }),
      [],
      { timeout: 5 },
    );
    await pass(5);
    await group.settled();
    expect(reason).toBeInstanceOf(TaskTimedOut);
  });

  test('counts from the start, not from the call', async () => {
    const { pool, pass } = timed({ poolSize: 1 });
    const gate = new Gate();
    pool.apply(() => gate.promise);
    const group = pool.apply(async () => 1, [], { timeout: 100 });
    await pass(1000);
    gate.resolve();
    expect(await group.results()).toEqual([1]);
  });

  test('is no cancellation: there is no cancel callback', async () => {
    const { pool, pass } = timed();
    const seen: string[] = [];
    const group = pool.apply(untilAborted, [], {
      timeout: 1,
      cancelCallback: () => void seen.push('cancel'),
      endCallback: () => void seen.push('end'),
    });
    await pass(1);
    await group.settled();
    await turn();
    expect(seen).toEqual(['end']);
  });

  test.each(['gives in', 'returns', 'throws'])(
    'counts for less than a cancel: it %s',
    async (how) => {
      const { pool, pass } = timed();
      const gate = new Gate();
      const group = pool.apply(() => gate.promise, [], { timeout: 100, retry: 3 });
      await pass(100);
      pool.cancel([0], 'enough');
      expect(pool.task(0).state).toBe('cancelling');
      if (how === 'returns') gate.resolve();
      else gate.reject(how === 'throws' ? new Error('oops') : new DOMException('', 'AbortError'));
      expect(await group.settled()).toEqual([
        { status: 'cancelled', id: 0, index: 0, reason: 'enough' },
      ]);
      expect(replay(pool.journal)).toEqual(pool.snapshot());
    },
  );

  test('includes the wait for an item that is a promise', async () => {
    const { pool, pass } = timed();
    const group = pool.map(async (n: number) => n, [new Promise<number>(() => {})], {
      timeout: 10,
    });
    await pass(10);
    await expect(group.results()).rejects.toThrow(TaskTimedOut);
  });

  test('leaves no timer behind', async () => {
    const { pool, clock } = timed();
    const timers = new Set<unknown>();
    const counting = {
      now: () => clock.now(),
      setTimeout: (run: () => void, ms: number) => {
        const id = clock.setTimeout(run, ms);
        timers.add(id);
        return id;
      },
      clearTimeout: (id: number) => {
        timers.delete(id);
        clock.clearTimeout(id);
      },
    };
    const limited = taskPool({ clock: counting as typeof clock });
    const options = { timeout: 10, waitTimeout: 20, deadline: 30, retry: 2 };
    await limited
      .map(async (n: number) => n, [1, 2, 3], { ...options, numConcurrent: 2 })
      .results();
    expect(timers.size).toBe(0);
    await pool.gatherAndClose();
  });
});

describe('waitTimeout', () => {
  test('ends a task that has not started in time, and leaves others alone', async () => {
    const { pool, pass, types } = timed({ poolSize: 1 });
    const gate = new Gate();
    const options = { waitTimeout: 100 };
    const first = pool.apply(() => gate.promise, [], options);
    const second = pool.apply(async () => 'never', [], { ...options, groupName: 'second' });
    await pass(100);
    await expect(second.results()).rejects.toMatchObject({ which: 'waitTimeout', ms: 100 });
    expect(types().slice(-2)).toEqual(['task.timedOut', 'task.ended']);
    expect(pool.snapshot().tasks[1]).toMatchObject({
      state: 'ended',
      outcome: 'rejected',
      timedOut: 'waitTimeout',
    });
    gate.resolve();
    expect(await first.results()).toEqual([undefined]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('counts to the first start only, and is not retried', async () => {
    const { pool, pass } = timed({ poolSize: 1 });
    let runs = 0;
    const group = pool.apply(
      async () => {
        if (++runs === 1) throw new Error('once');
        return 'done';
      },
      [],
      { waitTimeout: 100, retry: { limit: 1, delay: 1000 } },
    );
    await pass(1000);
    expect(await group.results()).toEqual(['done']);

    const gate = new Gate();
    pool.apply(() => gate.promise);
    const late = pool.apply(async () => 1, [], { waitTimeout: 100, retry: 3 });
    await pass(100);
    await expect(late.results()).rejects.toThrow(TaskTimedOut);
    gate.resolve();
  });
});

describe('deadline', () => {
  test('stops what runs, and is not retried', async () => {
    const { pool, pass } = timed();
    const group = pool.apply(untilAborted, [], { deadline: 100, timeout: 500, retry: 5 });
    await pass(100);
    await expect(group.results()).rejects.toMatchObject({ which: 'deadline', ms: 100 });
  });

  test('ends what waits', async () => {
    const { pool, pass } = timed({ poolSize: 1 });
    pool.apply(untilAborted);
    const group = pool.apply(async () => 1, [], { deadline: 100 });
    await pass(100);
    await expect(group.results()).rejects.toMatchObject({ which: 'deadline' });
    pool.cancelAll();
  });

  test('holds for all attempts together', async () => {
    const { pool, pass } = timed({ poolSize: 2 });
    let runs = 0;
    const group = pool.apply(
      (context: TaskContext) => {
        if (++runs === 1) throw new Error('once');
        return untilAborted(context);
      },
      [],
      { deadline: 100, retry: { limit: 5, delay: 40 } },
    );
    await pass(40);
    expect(pool.task(0).state).toBe('running');
    await pass(60);
    await expect(group.results()).rejects.toMatchObject({ which: 'deadline' });
    expect(runs).toBe(2);
  });

  test('that falls before the next attempt ends the task at once, with what it threw', async () => {
    const { pool } = timed();
    const error = new Error('too late');
    const group = pool.apply(
      async () => {
        throw error;
      },
      [],
      { deadline: 100, retry: { limit: 5, delay: 100 } },
    );
    await turn();
    expect((await group.settled())[0]).toMatchObject({ reason: error });
    expect(
      pool.journal
        .events()
        .filter(ofTask)
        .map(({ type }) => type),
    ).toEqual(['task.queued', 'task.started', 'task.ended']);
  });

  test('passes over what is being cancelled', async () => {
    const { pool, pass, types } = timed();
    const gate = new Gate();
    const group = pool.apply(() => gate.promise, [], { deadline: 100 });
    await turn();
    pool.cancel([0], 'why');
    await pass(1000);
    gate.reject(new DOMException('', 'AbortError'));
    expect(await group.settled()).toMatchObject([{ status: 'cancelled', reason: 'why' }]);
    expect(types()).not.toContain('task.timedOut');
  });
});

test('a subscriber may cancel what times out', async () => {
  const { pool, pass } = timed({ poolSize: 1 });
  pool.on('task.timedOut', ({ id }) => pool.cancel(id));
  const running = pool.apply(untilAborted, [], { timeout: 10 });
  const waiting = pool.apply(untilAborted, [], { waitTimeout: 10 });
  await pass(10);
  expect(await running.settled()).toMatchObject([{ status: 'cancelled' }]);
  expect(await waiting.settled()).toMatchObject([{ status: 'cancelled' }]);
  await pool.gatherAndClose();
});

describe('stuck()', () => {
  test('lists functions that ignore their signal, however it was aborted', async () => {
    const { pool, pass } = timed();
    const gate = new Gate();
    const ignore = () => gate.promise;
    pool.apply(ignore, [], { timeout: 100, groupName: 'late' });
    pool.apply(ignore, [], { groupName: 'cancelled' });
    pool.apply(ignore, [], { groupName: 'well' });
    await pass(100);
    expect(pool.stuck()).toMatchObject([{ id: 0, abortedFor: 0 }]);
    await pass(50);
    pool.cancelGroup('cancelled');
    await pass(20);
    expect(pool.stuck()).toEqual([
      { id: 0, groupName: 'late', index: 0, attempt: 1, state: 'timedOut', abortedFor: 70 },
      { id: 1, groupName: 'cancelled', index: 0, attempt: 1, state: 'cancelling', abortedFor: 20 },
    ]);
    expect(pool.stuck({ longerThan: 50 }).map(({ id }) => id)).toEqual([0]);
    gate.resolve();
    await pool.gatherAndClose({ returnExceptions: true });
    expect(pool.stuck()).toEqual([]);
  });

  test('refuses what is no number of milliseconds', () => {
    const { pool } = timed();
    expect(() => pool.stuck({ longerThan: -1 })).toThrow(RangeError);
    expect(() => pool.stuck({ longerThan: '5' as unknown as number })).toThrow(TypeError);
  });
});

test.each<[AttemptOptions, string]>([
  [{ timeout: 0 }, 'expected timeout to be a number of milliseconds above 0 or Infinity, got 0'],
  [{ waitTimeout: Number.NaN }, 'expected waitTimeout to be a number of milliseconds above 0'],
  [{ deadline: '1' as unknown as number }, "expected deadline to be a number, got '1'"],
  [{ maxInterruptions: -1 }, 'expected maxInterruptions to be a non-negative integer or Infinity'],
])('%j is refused', (options, message) => {
  expect(() => taskPool().apply(async () => 1, [], options)).toThrow(message);
});

test('Infinity stands for no limit', async () => {
  const { pool } = timed();
  const none = Number.POSITIVE_INFINITY;
  const options = { timeout: none, waitTimeout: none, deadline: none, maxInterruptions: none };
  expect(await pool.apply(async () => 1, [], { ...options, retry: none }).results()).toEqual([1]);
  expect(replay(pool.journal)).toEqual(pool.snapshot());
});
