/** Tasks that are run again after a failure. */

import { describe, expect, test } from 'vitest';
import { type RetryAttempt, type RetryWhen, replay, type TaskContext } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { backoff, delayAfter, type RetryPolicy } from '../../src/pool/attempt/retry.ts';
import { Gate, Log, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';
import { MORE_THAN_FITS, nearEndOfStack } from '../support/stack.ts';
import { timed } from '../support/timed.ts';

/** A function that fails so many times, with errors that count. */
function failing(times: number, make: (n: number) => unknown = (n) => new Error(`no ${n}`)) {
  const attempts: number[] = [];
  const work = async ({ attempt }: TaskContext) => {
    attempts.push(attempt);
    if (attempts.length <= times) throw make(attempts.length);
    return `after ${attempts.length}`;
  };
  return { work, attempts };
}

describe('a task that fails', () => {
  test('is run again after a delay, with its id and its place in the results', async () => {
    const { pool, pass, types } = timed();
    const { work, attempts } = failing(2);
    const group = pool.apply(work, [], { retry: { limit: 2, delay: 100 } });
    await turn();
    expect(pool.task(0).state).toBe('delayed');
    expect([pool.numDelayed, pool.numRunning, pool.numQueued]).toEqual([1, 0, 0]);
    expect(pool.snapshot().tasks[0]).toMatchObject({
      state: 'delayed',
      attempt: 1,
      failures: 1,
      retryAt: 100,
      lastError: { message: 'no 1' },
    });
    await pass(99);
    expect(attempts).toEqual([1]);
    await pass(1);
    await pass(200);
    expect(await group.settled()).toEqual([
      { status: 'fulfilled', id: 0, index: 0, value: 'after 3' },
    ]);
    expect(attempts).toEqual([1, 2, 3]);
    expect(types().filter((type) => type.startsWith('task'))).toEqual([
      'task.queued',
      ...['task.started', 'task.failed', 'task.requeued'],
      ...['task.started', 'task.failed', 'task.requeued'],
      'task.started',
      'task.ended',
    ]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('holds no slot between its attempts, nor one of its group', async () => {
    const { pool, pass } = timed({ poolSize: 1 });
    const { work } = failing(1);
    const group = pool.map(
      async (n: number, context: TaskContext) => (n === 0 ? work(context) : n),
      [0, 1, 2],
      { retry: { limit: 1, delay: 100 }, numConcurrent: 1 },
    );
    const other = pool.apply(async () => 'other');
    expect(await other.results()).toEqual(['other']);
    await turn();
    expect(group.progress).toMatchObject({ created: 3, ended: 2 });
    await pass(100);
    expect(await group.results()).toEqual(['after 2', 1, 2]);
  });

  test('comes before new items of its group once it is queued again', async () => {
    const { pool, pass } = timed();
    const gates = [0, 1, 2, 3].map(() => new Gate());
    const started: number[] = [];
    pool.map(
      (n: number) => {
        started.push(n);
        return gates[n]?.promise;
      },
      [0, 1, 2, 3],
      { numConcurrent: 1, retry: { limit: 1, delay: 100 } },
    );
    await turn();
    gates[0]?.reject(new Error('once'));
    await turn();
    expect(started).toEqual([0, 1]);
    gates[0] = new Gate();
    await pass(100);
    gates[1]?.resolve();
    await turn();
    expect(started).toEqual([0, 1, 0]);
    for (const gate of gates) gate.resolve();
    await pool.gatherAndClose();
    expect(started).toEqual([0, 1, 0, 2, 3]);
  });

  test('ends as rejected with its last error, which has those of all attempts', async () => {
    const { pool, pass } = timed();
    const { work } = failing(3);
    const group = pool.apply(work, [], { retry: { limit: 2, delay: 1 } });
    await pass(1);
    await pass(2);
    const error = await group.results().catch((reason: unknown) => reason);
    expect(error).toEqual(new Error('no 3'));
    expect(error).toMatchObject({
      attempts: [new Error('no 1'), new Error('no 2'), error],
    });
    expect(Object.keys(error as object)).toEqual([]);
  });

  test.each([['a text'], [Object.freeze(new Error('frozen'))], [undefined]])(
    'may have thrown anything: %s',
    async (thrown) => {
      const { pool, pass } = timed();
      const { work } = failing(2, () => thrown);
      const group = pool.apply(work, [], { retry: { limit: 1, delay: 1 } });
      await pass(1);
      expect(await group.settled()).toMatchObject([{ status: 'rejected', reason: thrown }]);
    },
  );

  test('has its callbacks called once, at the end', async () => {
    const { pool, pass } = timed();
    const ended: number[] = [];
    const { work } = failing(1);
    const group = pool.apply(work, [], {
      retry: { limit: 1, delay: 1 },
      endCallback: (id) => void ended.push(id),
    });
    await turn();
    expect(ended).toEqual([]);
    await pass(1);
    await group.results();
    await turn();
    expect(ended).toEqual([0]);
  });

  test('gets a signal of its own in each attempt', async () => {
    const { pool, pass } = timed();
    const signals: AbortSignal[] = [];
    const group = pool.apply(
      async (context: TaskContext) => {
        signals.push(context.signal);
        if (signals.length === 1) await untilAborted(context);
      },
      [],
      { timeout: 10, retry: { limit: 1, delay: 5 } },
    );
    await pass(10);
    await pass(5);
    await group.results();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('is not run again because its item has rejected', async () => {
    const { pool } = timed();
    const error = new Error('no item');
    const group = pool.map(async (n: number) => n, [Promise.reject(error)], { retry: 5 });
    await expect(group.results()).rejects.toBe(error);
  });

  test('is run with the value that its item has resolved to', async () => {
    const { pool, pass } = timed();
    const seen: number[] = [];
    const group = pool.map(
      async (n: number) => {
        seen.push(n);
        if (seen.length === 1) throw new Error('once');
      },
      [Promise.resolve(7)],
      { retry: { limit: 1, delay: 1 } },
    );
    await pass(1);
    await group.results();
    expect(seen).toEqual([7, 7]);
  });
});

describe('a cancel', () => {
  test('ends a task between its attempts at once', async () => {
    const { pool, pass } = timed();
    const { work, attempts } = failing(5);
    const group = pool.apply(work, [], { retry: 5 });
    await turn();
    pool.cancel([0], 'enough');
    expect(await group.settled()).toEqual([
      { status: 'cancelled', id: 0, index: 0, reason: 'enough' },
    ]);
    await pass(10_000);
    expect(attempts).toEqual([1]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('is never followed by another attempt, whatever the function throws', async () => {
    const { pool } = timed();
    const gate = new Gate();
    const group = pool.apply(() => gate.promise, [], { retry: 5 });
    await turn();
    pool.cancel(0);
    gate.reject(new Error('while it unwound'));
    expect(await group.settled()).toMatchObject([{ status: 'rejected' }]);
  });

  test.each(['task.failed', 'task.requeued'] as const)('may come with %s', async (type) => {
    const { pool, pass } = timed();
    const { work, attempts } = failing(1);
    pool.on(type, ({ id }) => pool.cancel(id));
    const group = pool.apply(work, [], { retry: { limit: 1, delay: 1 } });
    await pass(1);
    expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
    expect(attempts).toEqual([1]);
    await pool.gatherAndClose();
  });

  test('of a group reaches those between their attempts', async () => {
    const { pool } = timed();
    const { work } = failing(5);
    const group = pool.apply(work, [], { retry: 5 });
    await turn();
    group.cancel('all');
    await expect(group.results()).rejects.toBe('all');
  });
});

describe('the end of a pool', () => {
  test('waits for further attempts, and flush() does not', async () => {
    const { pool, pass } = timed();
    const { work } = failing(1);
    const results = pool.apply(work, [], { retry: { limit: 1, delay: 1000 } }).results();
    await turn();
    await pool.flush();
    expect(pool.numDelayed).toBe(1);
    const closed = pool.gatherAndClose();
    await turn();
    expect(pool.isClosed).toBe(false);
    await pass(1000);
    await closed;
    expect(await results).toEqual(['after 2']);
  });
});

describe('a source', () => {
  test('is not drained into memory by a back end that fails: 1,000 tasks of it are delayed', async () => {
    const { pool } = timed();
    let pulled = 0;
    function* endless() {
      for (;;) yield pulled++;
    }
    pool.map(
      async () => {
        throw new Error('down');
      },
      endless(),
      { retry: 1, numConcurrent: 10 },
    );
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(pool.numDelayed).toBeGreaterThanOrEqual(1000);
    expect(pulled).toBeLessThanOrEqual(1010);
    pool.cancelAll();
    await pool.gatherAndClose();
  });
});

describe('retry.when', () => {
  test('is asked with the error and the attempt', async () => {
    const { pool, pass } = timed();
    const asked: [unknown, RetryAttempt][] = [];
    const { work } = failing(2);
    const group = pool.apply(work, [], {
      groupName: 'mine',
      retry: {
        limit: 5,
        delay: 1,
        when: (error, attempt) => {
          asked.push([error, attempt]);
          return attempt.attempt < 2;
        },
      },
    });
    await pass(1);
    await expect(group.results()).rejects.toThrow('no 2');
    const task = { id: 0, index: 0, groupName: 'mine' };
    expect(asked).toEqual([
      [new Error('no 1'), { attempt: 1, task }],
      [new Error('no 2'), { attempt: 2, task }],
    ]);
  });

  test('may give the delay', async () => {
    const { pool, pass } = timed();
    const { work, attempts } = failing(1);
    pool.apply(work, [], { retry: { limit: 1, when: () => 7 } });
    await pass(6);
    expect(attempts).toEqual([1]);
    await pass(1);
    expect(attempts).toEqual([1, 2]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('oops');
      },
    ],
    ['gives something else', () => 'yes'],
  ])('that %s ends the task, and is logged', async (_, when) => {
    const log = new Log();
    const { pool } = timed({ logger: log });
    const { work } = failing(1);
    const group = pool.apply(work, [], {
      retry: { limit: 1, when: when as unknown as RetryWhen },
    });
    await expect(group.results()).rejects.toThrow('no 1');
    expect(log.lines).toMatchObject([['retry.when failed for task 0', expect.any(Error)]]);
  });
});

describe('the delay', () => {
  const policy: RetryPolicy = {
    limit: null,
    delay: 100,
    factor: 2,
    maxDelay: 1000,
    jitter: 'none',
    when: undefined,
  };
  const attempt = { attempt: 1, task: { id: 0, index: 0, groupName: '' } };

  test('grows with each failure, up to a limit', () => {
    expect([0, 1, 2, 3, 4, 5000].map((n) => backoff(policy, n, 0.5))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    expect(backoff({ ...policy, maxDelay: null }, 5000, 0)).toBe(1e12);
    expect(backoff({ ...policy, delay: 0 }, 5000, 0)).toBe(0);
  });

  test('is spread as jitter says', () => {
    const spread = (jitter: 'none' | 'full' | 'equal') =>
      [0, 0.5, 0.999].map((random) => Math.round(backoff({ ...policy, jitter }, 0, random)));
    expect(spread('none')).toEqual([100, 100, 100]);
    expect(spread('full')).toEqual([0, 50, 100]);
    expect(spread('equal')).toEqual([50, 75, 100]);
  });

  test('is what the error asks for in its retryAfter', () => {
    const error = Object.assign(new Error('busy'), { retryAfter: 12_345 });
    expect(delayAfter(policy, 0, error, attempt, 0)).toBe(12_345);
    const odd = Object.assign(new Error('busy'), { retryAfter: 'later' });
    expect(delayAfter(policy, 0, odd, attempt, 0)).toBe(100);
  });

  test('is none after as many failures as the limit says', () => {
    expect(delayAfter({ ...policy, limit: 2 }, 1, 0, attempt, 0)).toBe(200);
    expect(delayAfter({ ...policy, limit: 2 }, 2, 0, attempt, 0)).toBe(false);
    expect(delayAfter({ ...policy, limit: 0 }, 0, 0, attempt, 0)).toBe(false);
  });
});

test.each<[unknown, string]>([
  [-1, 'expected retry to be a non-negative integer or Infinity, got -1'],
  ['3', "expected retry to be a number or an object, got '3'"],
  [{}, 'expected retry.limit to be a number, got undefined'],
  [{ limit: 1, delay: -1 }, 'expected retry.delay to be a number of at least 0, got -1'],
  [{ limit: 1, factor: 0.5 }, 'expected retry.factor to be a number of at least 1, got 0.5'],
  [
    { limit: 1, maxDelay: Number.NaN },
    'expected retry.maxDelay to be a number of at least 0 or Infinity',
  ],
  [
    { limit: 1, jitter: 'some' },
    "expected retry.jitter to be 'none', 'full' or 'equal', got 'some'",
  ],
  [{ limit: 1, when: true }, 'expected retry.when to be a function, got true'],
  [
    { limit: 1, minTimeout: 5 },
    "expected an option of retry, got 'minTimeout': did you mean 'delay'?",
  ],
])('retry: %j is refused', (retry, message) => {
  const { pool } = timed();
  expect(() => pool.apply(async () => 1, [], { retry: retry as number })).toThrow(message);
});

test('a simple pool takes the options of attempts for all its tasks', async () => {
  const { work, attempts } = failing(1);
  const pool = simplePool(work, [], { retry: { limit: 1, delay: 0 } });
  expect(await pool.start(1).results()).toEqual(['after 2']);
  expect(attempts).toEqual([1, 2]);
  expect(() => simplePool(work, [], { timeout: -1 })).toThrow(RangeError);

  const failed = failing(9);
  const stopped = simplePool(failed.work, [], { retry: 9 });
  const group = stopped.start(2);
  await turn();
  expect(stopped.stopAll()).toEqual([1, 0]);
  expect(await group.settled()).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }]);
});

test.each(['timeout', 'waitTimeout', 'deadline', 'retry', 'maxInterruptions'] as const)(
  'a call does not get the %s of the call before',
  (option) => {
    const pool = taskPool();
    const most = { timeout: 9, waitTimeout: 9, deadline: 9, retry: 9, maxInterruptions: 9 };
    for (const value of [7, 8, 7, 9]) {
      pool.map(async () => {}, [], { ...most, [option]: value });
    }
    const said = pool.journal.events().flatMap((event) => {
      if (event.type !== 'group.created') return [];
      const { [option]: terms } = event;
      return [typeof terms === 'object' ? terms?.limit : terms];
    });
    expect(said).toEqual([7, 8, 7, 9]);
  },
);

test('a group is cancelled with more delayed tasks than fit on a stack', async () => {
  const pool = taskPool({ retain: 'none', asyncContext: false });
  const num = MORE_THAN_FITS;
  const fail = () => Promise.reject('no');
  const retry = { limit: 1, delay: 1_000_000 };
  const group = pool.apply(fail, [], { num, retry, lookahead: Number.POSITIVE_INFINITY });
  while (pool.numDelayed < num) await turn();
  nearEndOfStack(() => group.cancel());
  expect(pool.numDelayed).toBe(0);
  await pool.gatherAndClose();
});

test('an attempt that would begin after the deadline is not waited for', async () => {
  const clock = new SimulatedClock(1_000);
  const pool = taskPool({ clock });
  const { work, attempts } = failing(9);
  const options = { deadline: 25, retry: { limit: 9, delay: 10, jitter: 'none' } } as const;
  const ended = pool.apply(work, [], options).settled();
  const [result] = await clock.until(ended);
  expect(result).toMatchObject({ status: 'rejected', reason: { message: 'no 2' } });
  expect([attempts, clock.now()]).toEqual([[1, 2], 1_010]);
});

test('a task that is cancelled while it is decided whether to retry it is not retried', async () => {
  const pool = taskPool();
  const error = new Error('no');
  const when = () => {
    pool.cancelAll();
    return true;
  };
  const group = pool.apply(() => Promise.reject(error), [], { retry: { limit: 1, when } });
  expect(await group.settled()).toMatchObject([{ status: 'rejected', reason: error }]);
  await pool.gatherAndClose({ returnExceptions: true });
  expect(replay(pool.journal)).toEqual(pool.snapshot());
});

test('a task that timed out, and is cancelled while it is decided whether to retry it, is cancelled', async () => {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock });
  const when = () => {
    pool.cancelAll('enough');
    return true;
  };
  const group = pool.apply(untilAborted, [], { timeout: 10, retry: { limit: 1, when } });
  expect(await clock.until(group.settled())).toMatchObject([
    { status: 'cancelled', reason: 'enough' },
  ]);
  await pool.gatherAndClose();
});
