/** A pool whose journal cannot be written any more. */

import { describe, expect, test } from 'vitest';
import { type PoolEvent, PoolIsLocked, replay, type TaskPool } from 'xstate-taskpool';
import { noting, resume, storeWith } from '../support/lives.ts';
import { storeOver } from '../support/memory-like.ts';
import { Gate, Log, taskPool, turn } from '../support/pools.ts';

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

/** A pool over a store that can be made to fail. */
function failingPool(sync: boolean, options: Parameters<typeof taskPool>[0] = {}) {
  let hasFailed = false;
  const { kept, store } = storeOver({
    sync,
    before: () => {
      if (hasFailed) throw full;
    },
  });
  const pool = taskPool({ ...options, journal: store });
  const fail = () => {
    hasFailed = true;
  };
  return { pool, kept, fail };
}

/** A pool of size 1 in which one task runs, one waits, and one is yet to be made. */
async function busy(pool: TaskPool, work: (n: number) => unknown) {
  const group = pool.map(work, [1, 2, 3], { numConcurrent: 2, groupName: 'mine' });
  while (pool.numRunning === 0) await turn();
  await turn();
  expect(pool.numQueued).toBe(1);
  return group;
}

describe.each([
  ['that writes later', false],
  ['that writes at once', true],
])('once a store %s has failed', (_what, sync) => {
  test('what runs continues, and nothing else is started', async () => {
    const { pool, fail } = failingPool(sync, { poolSize: 1 });
    const called: number[] = [];
    const gate = new Gate();
    const group = await busy(pool, async (n) => {
      called.push(n);
      await gate.promise;
    });
    fail();
    group.numConcurrent = 3;
    await turn();
    expect(called).toEqual([1]);
    expect(pool.numRunning).toBe(1);
    gate.resolve();
    await expect(pool.gatherAndClose()).rejects.toThrow(full);
    expect(called).toEqual([1]);
    expect(pool.totals).toMatchObject({ created: 2, fulfilled: 1, cancelled: 1 });
  });

  test('it is an event, which comes before the consequences, and a line in the log', async () => {
    const logger = new Log();
    const { pool, fail } = failingPool(sync, { poolSize: 1, logger });
    const group = await busy(pool, () => new Promise(() => {}));
    const seen: PoolEvent[] = [];
    pool.on('*', (event) => void seen.push(event));
    fail();
    group.numConcurrent = 3;
    await turn();
    const types = seen.map(({ type }) => type);
    const failed = types.indexOf('journal.failed');
    expect(seen[failed]).toMatchObject({
      error: { name: 'Error', message: 'no space left on device', code: 'ENOSPC' },
    });
    expect(types.filter((type) => type === 'journal.failed')).toHaveLength(1);
    expect(types.slice(failed + 1)).toEqual(
      expect.arrayContaining(['pool.locked', 'group.failed']),
    );
    expect(types.slice(0, failed)).toEqual(
      // What is to be written at once is not told of before that it could not be.
      sync ? [] : ['group.resized'],
    );
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, n) => (seen[0] as PoolEvent).seq + n));
    expect(logger.lines).toEqual([['the journal failed, so no more tasks are started:', full]]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });

  test('new work is refused, even if the pool is unlocked', async () => {
    const { pool, fail } = failingPool(sync);
    fail();
    pool.lock();
    await turn();
    pool.unlock();
    expect(() => pool.apply(() => 1)).toThrow(PoolIsLocked);
    expect(() => pool.apply(() => 1)).toThrow(/journal .* failed/);
    await expect(pool.gatherAndClose()).rejects.toThrow(full);
  });

  test('results reject, and gatherAndClose hands the error out once', async () => {
    const { pool, fail } = failingPool(sync, { poolSize: 1 });
    const gate = new Gate();
    const group = await busy(pool, () => gate.promise);
    const results = group.results();
    fail();
    group.numConcurrent = 3;
    await turn();
    gate.resolve();
    await expect(results).rejects.toThrow(full);
    expect(await pool.gatherAndClose({ returnExceptions: true })).toEqual([full]);
  });

  test('what was written can be resumed as if the process had died there', async () => {
    const { work } = noting(() => new Promise(() => {}));
    const functions = { work };
    const { pool, kept, fail } = failingPool(sync, { poolSize: 1, functions });
    const group = await busy(pool, work as (n: number) => unknown);
    while (kept.nextSeq < pool.journal.nextSeq) await turn();
    fail();
    group.numConcurrent = 3;
    while (pool.snapshot().groups[0]?.source !== 'failed') await turn();
    const { work: last, calls } = noting();
    const again = await resume(await storeWith([...kept]), { functions: { work: last } });
    await again.gatherAndClose();
    expect(calls).toEqual([
      [1, 0, 2],
      [2, 1, 1],
      [3, 2, 1],
    ]);
  });

  test('a checkpoint rejects', async () => {
    const { pool, fail } = failingPool(sync);
    await pool.checkpoint();
    fail();
    pool.lock();
    await expect(pool.checkpoint()).rejects.toThrow(full);
    await expect(pool.checkpoint()).rejects.toThrow(full);
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('a subscriber may cancel everything when it hears of it', async () => {
    const { pool, fail } = failingPool(sync, { poolSize: 1 });
    const gate = new Gate();
    const group = await busy(pool, () => gate.promise);
    pool.on('journal.failed', () => {
      pool.cancelAll('the journal');
      pool.lock();
    });
    fail();
    group.numConcurrent = 3;
    gate.resolve();
    await expect(pool.gatherAndClose()).rejects.toThrow(full);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
  });
});

test('a store that has failed already makes no pool', () => {
  const failed = AbortSignal.abort(full);
  expect(() => taskPool({ journal: { ...storeOver().store, failed } })).toThrow(full);
  const none = { ...storeOver().store, failed: 5 as never };
  expect(() => taskPool({ journal: none })).toThrow(
    'expected failed of the store to be an AbortSignal, got 5',
  );
});

describe('a store that writes at once', () => {
  test('and promises to have done so makes no pool', async () => {
    const appendSync = async () => {
      throw full;
    };
    expect(() => taskPool({ journal: { ...storeOver().store, appendSync } as never })).toThrow(
      'expected events to be stored once appendSync() returns, got a promise',
    );
    await turn();
  });

  test('has each event before anybody is told of it', async () => {
    const { kept, store } = storeOver({ sync: true });
    const pool = taskPool({ journal: store, poolSize: 2 });
    const late: number[] = [];
    pool.on('*', ({ seq }) => {
      if (kept.nextSeq <= seq) late.push(seq);
    });
    const work = async (n: number) => {
      if (kept.nextSeq !== pool.journal.nextSeq) late.push(n);
      await turn();
    };
    await pool.map(work, [1, 2, 3, 4], { numConcurrent: 2 }).results();
    await pool.gatherAndClose();
    expect(late).toEqual([]);
    expect([...kept]).toEqual([...pool.journal]);
  });

  test('that fails at the first event makes no pool', () => {
    const { store } = storeOver({
      sync: true,
      before: () => {
        throw full;
      },
    });
    expect(() => taskPool({ journal: store })).toThrow(full);
  });

  test('that fails at a call runs none of it', async () => {
    const { work, calls } = noting();
    const { pool, kept, fail } = failingPool(true, { functions: { work } });
    fail();
    pool.map(work, [1, 2], { groupName: 'mine' });
    await expect(pool.gatherAndClose()).rejects.toThrow(full);
    expect(calls).toEqual([]);
    expect(replay(pool.journal)).toEqual(pool.snapshot());
    expect([...kept].map(({ type }) => type)).toEqual(['pool.created']);
  });

  test.each([true, false])('is resumed, and goes on writing (at once: %s)', async (sync) => {
    const { work } = noting(() => new Promise(() => {}));
    const { kept, store } = storeOver({ sync });
    const pool = taskPool({ journal: store, functions: { work } });
    pool.map(work, [1, 2]);
    await turn();
    const { work: last, calls } = noting();
    const again = await resume(store, { functions: { work: last } });
    await again.gatherAndClose();
    expect(calls).toEqual([
      [1, 0, 2],
      [2, 1, 1],
    ]);
    expect(replay(kept)).toEqual(again.snapshot());
    expect(again.journal.firstSeq).toBe(pool.journal.nextSeq);
  });
});

test('a store that fails in two ways has failed once, with the first error', async () => {
  const { store } = storeOver({
    before: (batch) => {
      if (batch.some(({ type }) => type === 'pool.paused')) throw full;
    },
  });
  const failing = new AbortController();
  const logger = new Log();
  const pool = taskPool({ journal: { ...store, failed: failing.signal }, logger });
  await pool.untilDurable();
  pool.pause();
  failing.abort(new Error('gone'));
  await expect(pool.untilDurable()).rejects.toThrow('gone');
  await turn();
  const failed = [...pool.journal].filter(({ type }) => type === 'journal.failed');
  expect(failed).toMatchObject([{ error: { message: 'gone' } }]);
  await expect(pool.gatherAndClose()).rejects.toThrow('gone');
});

test('a store that never answers keeps nobody waiting beyond a signal', async () => {
  const answer = new Gate();
  const { store } = storeOver({ before: () => answer.promise });
  const pool = taskPool({ journal: store });
  const controller = new AbortController();
  const waiting = pool.untilDurable({ signal: controller.signal });
  await turn();
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(pool.untilDurable({ signal: controller.signal })).rejects.toThrow('enough');
  answer.resolve();
  await pool.untilDurable({ signal: new AbortController().signal });
  await pool.gatherAndClose();
});

test('a checkpoint that fails after the journal has is no second failure of it', async () => {
  const { store } = storeOver({
    sync: true,
    before: (batch) => {
      if (batch.some(({ type }) => type === 'pool.paused')) throw full;
    },
  });
  const storing = new Gate();
  const checkpoint = async () => {
    await storing.promise;
    throw new Error('no checkpoint');
  };
  const pool = taskPool({ journal: { ...store, checkpoint }, checkpoints: { every: 1 } });
  pool.lock();
  pool.pause();
  storing.resolve();
  await turn();
  const failed = [...pool.journal].filter(({ type }) => type === 'journal.failed');
  expect(failed).toMatchObject([{ error: { code: 'ENOSPC' } }]);
  await pool.gatherAndClose({ returnExceptions: true });
});

test('a store that is read only is refused, and any other is not', () => {
  const { store } = storeOver();
  const isReadOnly = (readonly: boolean) => ({ ...store, readonly });
  expect(() => taskPool({ journal: isReadOnly(true) })).toThrow('got one that is read only');
  taskPool({ journal: isReadOnly(false) });
});

test('the journal in memory may be limited in bytes alone', () => {
  expect(() => taskPool({ journal: { bytes: 1000 } })).not.toThrow();
  expect(() => taskPool({ journal: {} as never })).toThrow('expected journal to be a store');
});
