/** Limits in time and further attempts, in a process that continues the work of another one. */

import { describe, expect, test } from 'vitest';
import { SimulatedClock } from 'xstate';
import {
  type BasePool,
  FunctionNotRegistered,
  MemoryStore,
  type RetryOptions,
  replay,
  TaskInterrupted,
  TaskPool,
  TaskTimedOut,
} from 'xstate-taskpool';
import { recoverSimpleTaskPool } from 'xstate-taskpool/recovery';
import { leftBy, noting, resume } from '../../support/lives.ts';
import { Gate, Log, simplePool, turn } from '../../support/pools.ts';
import { timed } from '../../support/timed.ts';

const fail = () => {
  throw new Error('no');
};
const never = () => new Promise(() => {});

/** A clock that shows the time at which another process goes on. */
function clockAt(ms: number): SimulatedClock {
  const clock = new SimulatedClock();
  clock.set(ms);
  return clock;
}

async function pass(clock: SimulatedClock, ms: number): Promise<void> {
  await turn();
  clock.increment(ms);
  await turn();
}

/** What is left of a pool whose only task has failed at 0 and is due again at 1000. */
async function leftDelayed() {
  const { work } = noting(fail);
  const { pool } = timed({ functions: { work } });
  pool.map(work, ['a'], { groupName: 'mine', retry: { limit: 2, delay: 1000, factor: 1 } });
  await turn();
  expect(pool.task(0).state).toBe('delayed');
  return leftBy(pool);
}

const typesOf = (pool: BasePool) => pool.journal.events().map(({ type }) => type);

describe('a task between its attempts', () => {
  test.each([
    [200, 800],
    [1000, 0],
    [5000, 0],
  ])('of a pool that goes on at %i runs after %i ms', async (at, ms) => {
    const store = await leftDelayed();
    const { work, calls } = noting();
    const clock = clockAt(at);
    const again = await resume(store, { functions: { work }, clock });
    if (ms > 0) {
      await pass(clock, ms - 1);
      expect(calls).toEqual([]);
    }
    await pass(clock, 1);
    await again.gatherAndClose();
    expect(calls).toEqual([['a', 0, 2]]);
    expect(typesOf(again)).not.toContain('task.interrupted');
    expect(replay(store)).toEqual(again.snapshot());
  });

  test('waits no longer than it was to, by a clock that is an hour behind that of before', async () => {
    const store = await leftDelayed();
    const { work, calls } = noting();
    const time = clockAt(0);
    const clock = {
      now: () => time.now() - 3_600_000,
      monotonic: () => time.now(),
      setTimeout: (fn: () => void, ms: number) => time.setTimeout(fn, ms),
      clearTimeout: (id: unknown) => time.clearTimeout(id as number),
    };
    const again = await resume(store, { functions: { work }, clock });
    await pass(time, 1000);
    await again.gatherAndClose();
    expect(calls).toEqual([['a', 0, 2]]);
  });

  test('has used up the attempts that it had, and its last error has the one before', async () => {
    const { work, calls } = noting(fail);
    const clock = clockAt(0);
    const again = await resume(await leftDelayed(), { functions: { work }, clock });
    await pass(clock, 1000);
    await pass(clock, 1000);
    const [error] = await again.gatherAndClose({ returnExceptions: true });
    expect(calls).toEqual([
      ['a', 0, 2],
      ['a', 0, 3],
    ]);
    expect(error).toMatchObject({ message: 'no', attempts: [{ message: 'no' }, {}, {}] });
  });

  test('needs its function', async () => {
    const store = await leftDelayed();
    await expect(resume(store, { functions: {} })).rejects.toThrow(FunctionNotRegistered);
  });

  test('can be cancelled before it is due', async () => {
    const { work, calls } = noting();
    const again = await resume(await leftDelayed(), { functions: { work }, clock: clockAt(0) });
    again.cancelAll();
    await again.gatherAndClose();
    expect(calls).toEqual([]);
    expect(again.totals.cancelled).toBe(1);
  });
});

describe('a task that had reached its timeout', () => {
  test('has failed, and is run again', async () => {
    const { work } = noting(never);
    const { pool, pass: passFirst } = timed({ functions: { work } });
    pool.map(work, ['a'], { timeout: 100, retry: { limit: 1, delay: 50 } });
    await passFirst(100);
    expect(pool.task(0).state).toBe('timedOut');
    const { work: last, calls } = noting();
    const clock = clockAt(500);
    const again = await resume(await leftBy(pool), { functions: { work: last }, clock });
    expect(again.snapshot().tasks[0]).toMatchObject({
      state: 'delayed',
      failures: 1,
      retryAt: 550,
      lastError: { code: 'TaskTimedOut' },
    });
    await pass(clock, 50);
    await again.gatherAndClose();
    expect(calls).toEqual([['a', 0, 2]]);
  });

  test('ends as rejected if it has no attempt left', async () => {
    const { work } = noting(never);
    const { pool, pass: passFirst } = timed({ functions: { work } });
    pool.map(work, ['a'], { timeout: 100 });
    await passFirst(100);
    const again = await resume(await leftBy(pool), { functions: { work } });
    const [error] = await again.gatherAndClose({ returnExceptions: true });
    expect(error).toBeInstanceOf(TaskTimedOut);
    expect(error).toMatchObject({ which: 'timeout', ms: 100 });
  });
});

describe('a deadline', () => {
  test('goes on counting while there is no process', async () => {
    const { work } = noting(never);
    const { pool, pass: passFirst } = timed({ functions: { work } });
    await passFirst(100);
    pool.map(work, ['a'], { deadline: 1000 });
    await turn();
    const clock = clockAt(700);
    const again = await resume(await leftBy(pool), { functions: { work }, clock });
    await pass(clock, 399);
    expect(again.task(0).state).toBe('running');
    await pass(clock, 1);
    expect(again.task(0).state).toBe('timedOut');
  });

  test('may be over before the next process begins', async () => {
    const { work, calls } = noting();
    const { pool } = timed({ functions: { work }, poolSize: 0 });
    pool.map(work, ['a'], { deadline: 1000 });
    await turn();
    const clock = clockAt(5000);
    const again = await resume(await leftBy(pool), { functions: { work }, clock });
    await pass(clock, 0);
    await expect(again.gatherAndClose()).rejects.toMatchObject({ which: 'deadline' });
    expect(calls).toEqual([]);
  });
});

test('waitTimeout goes on counting for what cannot have started', async () => {
  const { work, calls } = noting();
  const { pool } = timed({ functions: { work }, poolSize: 0 });
  pool.map(work, ['a'], { waitTimeout: 1000 });
  await turn();
  const clock = clockAt(900);
  const again = await resume(await leftBy(pool), { functions: { work }, clock });
  expect(again.journal.events().at(-1)).toMatchObject({
    type: 'task.interrupted',
    unstarted: true,
  });
  await pass(clock, 100);
  await expect(again.gatherAndClose()).rejects.toMatchObject({ which: 'waitTimeout' });
  expect(calls).toEqual([]);
});

test('waitTimeout does not count for what had started once, however often it is interrupted', async () => {
  const { work, calls } = noting(never);
  const { pool } = timed({ functions: { work } });
  pool.map(work, ['a'], { waitTimeout: 100 });
  await turn();
  let store = await leftBy(pool);
  for (let life = 0; life < 3; life++) {
    const clock = clockAt(50);
    const again = await resume(store, { functions: { work }, clock, poolSize: 0 });
    await pass(clock, 500);
    expect(again.task(0).state).toBe('queued');
    store = await leftBy(again);
  }
  expect(calls).toHaveLength(1);
});

test('what only waited for a slot stays the attempt that it was, and its waitTimeout goes on counting', async () => {
  const { work } = noting(never);
  const { pool } = timed({ functions: { work }, poolSize: 1 });
  pool.map(work, ['runs', 'waits'], { waitTimeout: 1000, numConcurrent: 2 });
  await turn();
  let store = await leftBy(pool);
  for (const [life, at] of [300, 600].entries()) {
    const between = await resume(store, { functions: { work }, clock: clockAt(at) });
    await turn();
    expect(between.snapshot().tasks.map(({ attempt }) => attempt)).toEqual([life + 2, 1]);
    store = await leftBy(between);
  }
  const clock = clockAt(900);
  const last = await resume(store, { functions: { work }, clock });
  await pass(clock, 100);
  expect(last.task(1)).toMatchObject({ state: 'ended', attempt: 1, outcome: 'rejected' });
});

describe('maxInterruptions', () => {
  /** Goes on with a task until it is given up; gives how often it was run. */
  async function runsUntilGivenUp(options: { readonly maxInterruptions?: number }) {
    const { work, calls } = noting(never);
    const { pool } = timed({ functions: { work } });
    pool.map(work, ['a'], { ...options, groupName: 'killer' });
    await turn();
    let store = await leftBy(pool);
    for (;;) {
      const again = await resume(store, { functions: { work } });
      await turn();
      await turn();
      if (again.totals.rejected === 1) {
        const [error] = await again.gatherAndClose({ returnExceptions: true });
        expect(error).toBeInstanceOf(TaskInterrupted);
        return calls.length;
      }
      store = await leftBy(again);
    }
  }

  test('ends a task that keeps killing its process, after 5 by default', async () => {
    expect(await runsUntilGivenUp({})).toBe(6);
  });

  test('can be set', async () => {
    expect(await runsUntilGivenUp({ maxInterruptions: 1 })).toBe(2);
    expect(await runsUntilGivenUp({ maxInterruptions: 0 })).toBe(1);
  });

  test('does not count what only waited', async () => {
    const { work } = noting(never);
    const { pool } = timed({ functions: { work }, poolSize: 1 });
    pool.map(work, ['runs'], { maxInterruptions: Number.POSITIVE_INFINITY });
    pool.map(work, ['waits'], { maxInterruptions: 1 });
    await turn();
    let store = await leftBy(pool);
    for (let life = 0; life < 4; life++) {
      const again = await resume(store, { functions: { work } });
      await turn();
      await turn();
      expect(again.snapshot().tasks.map(({ state }) => state)).toEqual(['running', 'queued']);
      store = await leftBy(again);
    }
  });

  test('does not count what waited for a key of a limit, whatever kept that closed', async () => {
    const { work } = noting(never);
    const limits = {
      full: { concurrent: 1 },
      rated: { rate: { max: 1, per: 60_000 } },
      even: { rate: { max: 2, per: 60_000, spread: true } },
      paused: {},
    };
    const own = { functions: { work }, journal: new MemoryStore(), clock: clockAt(0) };
    const pool = new TaskPool({ ...own, limits, logger: new Log() });
    pool.limits.paused.pause(true, 60_000);
    for (const limit of Object.keys(limits)) {
      const options = { groupName: limit, numConcurrent: 2, limits: { [limit]: true } };
      pool.map(work, ['first', 'waits'], { ...options, maxInterruptions: 1 });
    }
    await turn();
    const waiting = pool.snapshot().tasks.filter(({ state }) => state === 'queued');
    expect(waiting.length).toBeGreaterThan(3);
    // Other numbers count from now on: they say nothing of the past.
    const again = await resume(await leftBy(pool), {
      functions: { work },
      clock: clockAt(0),
      limits: { full: { concurrent: 9 } },
      poolSize: 99,
    });
    const interrupted = again.journal.events().filter(({ type }) => type === 'task.interrupted');
    const unstarted = interrupted.filter((event) => 'unstarted' in event);
    expect(unstarted.map((event) => 'id' in event && event.id)).toEqual(
      waiting.map(({ id }) => id),
    );
  });

  test('counts a task that may have started, though the journal does not say so', async () => {
    const { work, calls } = noting(never);
    const { pool } = timed({ functions: { work } });
    pool.map(work, ['a'], { maxInterruptions: 0 });
    await turn();
    const queued = pool.journal.events().find(({ type }) => type === 'task.queued')?.seq ?? 0;
    const again = await resume(await leftBy(pool, queued), { functions: { work } });
    await expect(again.gatherAndClose()).rejects.toThrow(TaskInterrupted);
    expect(calls.length).toBe(1);
  });
});

describe('numbers that are given again count in place of those of the journal', () => {
  test('how often a task is run', async () => {
    const { work, calls } = noting(fail);
    const clock = clockAt(0);
    const groups = { mine: { retry: { limit: 3, delay: 5 } } };
    const again = await resume(await leftDelayed(), { functions: { work }, clock, groups });
    for (const ms of [1000, 5, 5]) await pass(clock, ms);
    await expect(again.gatherAndClose()).rejects.toThrow('no');
    expect(calls.map(([, , attempt]) => attempt)).toEqual([2, 3, 4]);
    expect(replay(again.journal.events())).toEqual(again.snapshot());
  });

  test.each<[RetryOptions | number | { delay: number }, number[]]>([
    [{ delay: 5 }, [2, 3]],
    [1, [2]],
  ])('where %j is said of retry, the rest stays', async (retry, attempts) => {
    const { work, calls } = noting(fail);
    const clock = clockAt(0);
    const groups = { mine: { retry } };
    const again = await resume(await leftDelayed(), { functions: { work }, clock, groups });
    for (const ms of [1000, 5, 5]) await pass(clock, ms);
    expect(again.numDelayed).toBe(0);
    await expect(again.gatherAndClose()).rejects.toThrow('no');
    expect(calls.map(([, , attempt]) => attempt)).toEqual(attempts);
  });

  test('a delay alone lets nothing be run again', async () => {
    const { work, calls } = noting(fail);
    const { pool } = timed({ functions: { work }, poolSize: 0 });
    pool.map(work, ['a'], { groupName: 'mine' });
    await turn();
    const groups = { mine: { retry: { delay: 5 } } };
    const again = await resume(await leftBy(pool), { functions: { work }, groups });
    again.poolSize = 1;
    await expect(again.gatherAndClose()).rejects.toThrow('no');
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['waitTimeout', 0, 'queued'],
    ['deadline', 1, 'running'],
  ] as const)('there may be no %s any more', async (limit, poolSize, state) => {
    const { work } = noting(never);
    const { pool } = timed({ functions: { work }, poolSize });
    pool.map(work, ['a'], { groupName: 'mine', [limit]: 10 });
    pool.map(work, ['b'], { groupName: 'other', [limit]: 10 });
    await turn();
    const clock = clockAt(0);
    const groups = { mine: { [limit]: Number.POSITIVE_INFINITY } };
    const again = await resume(await leftBy(pool), { functions: { work }, clock, groups });
    await pass(clock, 10);
    expect(again.task(0).state).toBe(state);
    expect(again.task(1).state).not.toBe(state);
  });

  test('how long it may take, also where nothing was said before', async () => {
    const { work } = noting(never);
    const { pool } = timed({ functions: { work } });
    pool.map(work, ['a'], { groupName: 'mine' });
    pool.map(work, ['b'], { groupName: 'limited', timeout: 10 });
    await turn();
    const clock = clockAt(0);
    const groups = {
      mine: { timeout: 50 },
      limited: { timeout: Number.POSITIVE_INFINITY },
    };
    const again = await resume(await leftBy(pool), { functions: { work }, clock, groups });
    await pass(clock, 49);
    expect(again.snapshot().tasks.map(({ state }) => state)).toEqual(['running', 'running']);
    await pass(clock, 1);
    expect(again.snapshot().tasks.map(({ state }) => state)).toEqual(['timedOut', 'running']);
  });
});

describe('options that are functions', () => {
  async function leftWithFunctions() {
    const { work } = noting(fail);
    const { pool } = timed({ functions: { work } });
    pool.map(work, ['a'], {
      groupName: 'mine',
      retry: { limit: 3, delay: 10, when: () => true },
      isCancellation: () => false,
    });
    await turn();
    expect(pool.journal.events().find(({ type }) => type === 'group.created')).toMatchObject({
      retry: { limit: 3, delay: 10, factor: 2, maxDelay: null, jitter: 'none' },
      needs: ['isCancellation', 'retry.when'],
    });
    return leftBy(pool);
  }

  test('have to be given again, by group', async () => {
    const { work } = noting();
    const store = await leftWithFunctions();
    const { nextSeq } = store;
    await expect(resume(store, { functions: { work } })).rejects.toThrow(
      new FunctionNotRegistered(
        "expected groups['mine'] to have isCancellation, retry.when, as the call that created it had, got none",
      ),
    );
    const groups = { mine: { isCancellation: () => true } };
    await expect(resume(store, { functions: { work }, groups })).rejects.toThrow('retry.when');
    expect(store.nextSeq).toBe(nextSeq);
  });

  test('are used then', async () => {
    const { work, calls } = noting(fail);
    const asked: number[] = [];
    const when = (_: unknown, { attempt }: { attempt: number }) => {
      asked.push(attempt);
      return false;
    };
    const clock = clockAt(0);
    const again = await resume(await leftWithFunctions(), {
      functions: { work },
      clock,
      groups: { mine: { isCancellation: () => true, retry: { when } } },
    });
    await pass(clock, 10);
    await expect(again.gatherAndClose()).rejects.toThrow('no');
    expect([calls.length, asked]).toEqual([1, [2]]);
  });

  test.each([
    [{ retry: { times: 3 } }, "expected an option of groups.mine.retry, got 'times'"],
    [{ timeout: 0 }, 'expected groups.mine.timeout to be a number of milliseconds above 0'],
    [{ retry: { when: 1 } }, 'expected groups.mine.retry.when to be a function, got 1'],
  ])('are refused if they are something else: %j', async (mine, message) => {
    const { work } = noting();
    const groups = { mine } as never;
    await expect(resume(await leftDelayed(), { functions: { work }, groups })).rejects.toThrow(
      message,
    );
  });

  test('of a simple pool are given to it', async () => {
    const { work } = noting(fail);
    const simple = { work: async (_: { attempt: number }) => work('x', { id: 0, attempt: 1 }) };
    const pool = simplePool(simple.work, [], {
      functions: simple,
      retry: { limit: 1, when: () => true },
    });
    pool.start(1);
    await turn();
    const store = await leftBy(pool);
    const options = { functions: simple, logger: new Log() };
    await expect(recoverSimpleTaskPool(store, simple.work, [], options)).rejects.toThrow(
      FunctionNotRegistered,
    );
    const gate = new Gate();
    const again = await recoverSimpleTaskPool(store, simple.work, [], {
      ...options,
      retry: { limit: 1, when: () => gate.resolve() as never },
    });
    again.stopAll();
    await again.gatherAndClose({ returnExceptions: true });
  });
});
