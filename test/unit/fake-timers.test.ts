/** Pools in tests of users, which replace the timers of the platform. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryStore, TaskPool } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { FAKED } from '../support/fake-timers.ts';
import { actors, Log } from '../support/pools.ts';

const double = async (n: number) => n * 2;
const options = () => ({ actors, logger: new Log() }) as const;

/** A pool with work of every kind, from the first task to the end. */
async function everything(Pool: typeof TaskPool): Promise<void> {
  const ended: number[] = [];
  const pool = new Pool({ ...options(), poolSize: 2 });
  expect(await pool.map(double, [1, 2, 3]).results()).toEqual([2, 4, 6]);
  expect(await pool.apply(double, [4], { endCallback: (id) => ended.push(id) }).results()).toEqual([
    8,
  ]);
  await pool.untilIdle();
  expect(ended).toEqual([3]);

  let isClosed = false;
  const source = async function* () {
    try {
      for (let n = 0; ; n++) yield n;
    } finally {
      isClosed = true;
    }
  };
  for await (const value of pool.map(double, source())) if (value === 4) break;
  const stopped = pool.map(
    (_: number, { signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
    [1, 2],
  );
  await pool.untilSizeBelow(2);
  stopped.cancel();
  expect(await stopped.settled()).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }]);
  await pool.gatherAndClose();
  expect(isClosed).toBe(true);
}

async function recovering(
  Pool: typeof TaskPool,
  Store: typeof MemoryStore,
  recover: typeof recoverTaskPool,
): Promise<void> {
  const never = () => new Promise<never>(() => {});
  const journal = new Store();
  new Pool({ ...options(), journal, functions: { work: never } }).map(never, [1, 2]);
  await undefined;
  const left = new Store();
  await left.append([...journal]);
  const pool = await recover(left, { ...options(), functions: { work: double } });
  const types: string[] = [];
  pool.on('task.started', ({ type }) => types.push(type));
  await pool.gatherAndClose();
  expect(types).toEqual(['task.started', 'task.started']);
}

beforeEach(() => void vi.useFakeTimers({ toFake: [...FAKED] }));
afterEach(() => void vi.useRealTimers());

describe('with timers faked after the import', () => {
  test('a pool does all that it does', () => everything(TaskPool));
  test('a pool is recovered', () => recovering(TaskPool, MemoryStore, recoverTaskPool));
});

describe('with timers faked before the import', () => {
  beforeEach(() => void vi.resetModules());

  test('a pool does all that it does', async () => {
    const library = await import('xstate-taskpool');
    expect(library.TaskPool).not.toBe(TaskPool);
    await everything(library.TaskPool);
  });

  test('a pool is recovered', async () => {
    const library = await import('xstate-taskpool');
    const { recoverTaskPool: recover } = await import('xstate-taskpool/recovery');
    await recovering(library.TaskPool, library.MemoryStore, recover);
  });
});

test('without a MessageChannel a pool is recovered all the same', async () => {
  vi.stubGlobal('MessageChannel', undefined);
  await recovering(TaskPool, MemoryStore, recoverTaskPool);
  vi.unstubAllGlobals();
});

describe('a retry without a delay needs no timer', () => {
  test.each([
    ['by the policy', { limit: 2, delay: 0 }],
    ['by when()', { limit: 2, when: () => 0 }],
  ])('%s', async (_, retry) => {
    let failures = 2;
    const work = () => {
      if (failures-- > 0) throw new Error('again');
      return 'done';
    };
    expect(await new TaskPool(options()).submit(work, [], { retry })).toBe('done');
  });

  test('and is cancelled as one with a delay is', async () => {
    const pool = new TaskPool(options());
    let attempts = 0;
    const work = () => {
      attempts++;
      throw new Error('again');
    };
    const group = pool.apply(work, [], { retry: { limit: 9, delay: 0 } });
    pool.on('task.failed', () => group.cancel('enough'));
    expect(await group.settled()).toMatchObject([{ status: 'cancelled', reason: 'enough' }]);
    await pool.gatherAndClose();
    expect(attempts).toBe(1);
  });
});

/** What test runners make of functions that they replace, and platforms that have less. */
describe.each([
  ['no clock of any duration', () => vi.stubGlobal('performance', undefined)],
  [
    'a clock of durations that says nothing',
    () => void vi.spyOn(performance, 'now').mockReturnValue(undefined as never),
  ],
  [
    'a date that says nothing',
    () => void vi.spyOn(Date, 'now').mockReturnValue(undefined as never),
  ],
  ['a date that is none', () => void vi.spyOn(Date, 'now').mockReturnValue(Number.NaN)],
])('with %s', (_, replace) => {
  beforeEach(() => {
    vi.useRealTimers();
    replace();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test('a pool does all that it does', () => everything(TaskPool));
  test('a pool is recovered', () => recovering(TaskPool, MemoryStore, recoverTaskPool));
  test('a pool with limits in time runs its tasks', async () => {
    const pool = new TaskPool({
      ...options(),
      aging: 10,
      limits: { host: { rate: { max: 9, per: 9 } } },
    });
    const limited = { timeout: 1_000, deadline: 2_000, limits: { host: 'a' } };
    expect(await pool.map(double, [1, 2], limited).results()).toEqual([2, 4]);
    expect(pool.snapshot().tasks.every(({ endedAt = Number.NaN }) => endedAt >= 0)).toBe(true);
  });
});
