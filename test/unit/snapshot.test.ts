import { describe, expect, test } from 'vitest';
import { type PoolSnapshot, replay, type SnapshotOptions } from 'xstate-taskpool';
import { Gate, simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const ended = { state: 'ended', endedAt: expect.any(Number) };

/** A pool with something of everything. */
async function busyPool() {
  const pool = taskPool({ name: 'busy', poolSize: 3, retain: 10 });
  pool.map((n: number) => n, new Set([1, 2]), { groupName: 'done', numConcurrent: 1 });
  await pool.untilIdle();
  pool.apply(() => Promise.reject(Object.assign(new TypeError('bad'), { code: 7 })), [], {
    groupName: 'failed',
  });
  pool.map(
    async (_: number, { report }) => {
      report({ steps: [1, { of: 2 }] });
      await new Gate().promise;
    },
    [1, 2],
    { groupName: 'stuck', numConcurrent: Infinity },
  );
  pool.apply(untilAborted, [], { groupName: 'endless', num: 2 });
  await turn();
  const [stuck] = pool.getGroupIds('stuck');
  pool.cancel([stuck as number], { why: ['not', { needed: true }] });
  pool.lock();
  return pool;
}

const isDeepFrozen = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeepFrozen));

describe('snapshot', () => {
  test('is all there is to know, as plain data', async () => {
    const pool = await busyPool();
    const snapshot = pool.snapshot();
    expect(snapshot).toEqual({
      seq: pool.journal.nextSeq - 1,
      name: 'busy',
      kind: 'TaskPool',
      status: 'locked',
      paused: false,
      poolSize: 3,
      retain: 10,
      numQueued: 1,
      numRunning: 3,
      numDelayed: 0,
      numCancelled: 0,
      numEnded: 3,
      totals: { created: 7, started: 6, fulfilled: 2, rejected: 1, cancelled: 0 },
      groups: [
        group('done', 'map', 'exhausted', { numConcurrent: 1, planned: 2, created: 2, ended: 2 }),
        group('failed', 'apply', 'exhausted', { planned: 1, created: 1, ended: 1 }),
        group('stuck', 'map', 'exhausted', { planned: 2, created: 2, running: 2 }),
        {
          ...group('endless', 'apply', 'exhausted', { planned: 2, created: 2, running: 1 }),
          functionName: 'untilAborted',
        },
      ],
      tasks: [
        { ...task(0, 'done', 0), ...ended, outcome: 'fulfilled' },
        { ...task(1, 'done', 1), ...ended, outcome: 'fulfilled' },
        {
          ...task(2, 'failed', 0),
          ...ended,
          outcome: 'rejected',
          error: { name: 'TypeError', message: 'bad', code: 7 },
        },
        {
          ...task(3, 'stuck', 0),
          state: 'cancelling',
          progress: { steps: [1, { of: 2 }] },
          reason: { why: ['not', { needed: true }] },
        },
        { ...task(4, 'endless', 0), state: 'running' },
        { ...task(5, 'stuck', 1), state: 'running', progress: { steps: [1, { of: 2 }] } },
        { ...task(6, 'endless', 1), state: 'queued', startedAt: undefined },
      ],
    });
  });

  test('survives JSON', async () => {
    const snapshot = (await busyPool()).snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toStrictEqual(snapshot);
  });

  test('is frozen all the way down', async () => {
    expect(isDeepFrozen((await busyPool()).snapshot())).toBe(true);
    expect(isDeepFrozen(simplePool(() => 1).snapshot())).toBe(true);
  });

  test('stays what it was', async () => {
    const pool = await busyPool();
    const before = pool.snapshot();
    const text = JSON.stringify(before);
    pool.unlock();
    pool.cancelAll('over');
    await turn();
    expect(JSON.stringify(before)).toBe(text);
    expect(pool.snapshot()).not.toEqual(before);
  });

  test('does not share data with what the user handed in', async () => {
    const progress = { steps: [1] };
    const reason = { why: 'none' };
    const pool = taskPool();
    pool.apply(async (context) => {
      context.report(progress);
      await untilAborted(context);
    });
    await turn();
    pool.cancel([0], reason);
    progress.steps.push(2);
    reason.why = 'changed';
    expect(Object.isFrozen(progress)).toBe(false);
    expect(pool.snapshot().tasks[0]).toMatchObject({
      progress: { steps: [1] },
      reason: { why: 'none' },
    });
  });

  test('equals the replay of the journal', async () => {
    const pool = await busyPool();
    expect(replay(pool.journal)).toStrictEqual(pool.snapshot());
    await pool.flush({ returnExceptions: true });
    expect(replay(pool.journal)).toStrictEqual(pool.snapshot());
  });

  test('lists the tasks that are asked for', async () => {
    const pool = taskPool();
    pool.apply(untilAborted, [], { groupName: 'a', num: 3 });
    pool.apply(() => 1, [], { groupName: 'b', num: 2 });
    await turn();
    const ids = (tasks: SnapshotOptions['tasks']) =>
      pool.snapshot(tasks === undefined ? {} : { tasks }).tasks.map(({ id }) => id);
    expect(ids(undefined)).toEqual([0, 1, 2, 3, 4]);
    expect(ids(true)).toEqual([0, 1, 2, 3, 4]);
    expect(ids(false)).toEqual([]);
    expect(ids({ state: 'running' })).toEqual([0, 2, 4]);
    expect(ids({ group: 'b' })).toEqual([1, 3]);
    expect(ids({ group: 'a', state: 'ended' })).toEqual([]);
    expect(ids({ last: 2 })).toEqual([3, 4]);
    expect(ids({ state: 'running', last: 1 })).toEqual([4]);
    expect(ids({ last: 0 })).toEqual([]);
    expect(pool.snapshot({ tasks: false }).groups).toHaveLength(2);
    pool.cancelAll();
  });

  test('lists the last tasks of a group or a state, before a task, for every combination of these', async () => {
    const pool = taskPool({ poolSize: 2 });
    const add = () =>
      pool.map((n: number) => (n < 3 ? n : new Gate().promise), [1, 2, 3], { groupName: 'twice' });
    pool.map(() => 0, [1, 2], { groupName: 'done' });
    add();
    await turn();
    // Its tasks are still remembered, next to those of another group with the name.
    pool.cancelGroup('twice');
    add();
    pool.map(untilAborted, [1, 2], { groupName: 'waits' });
    await turn();
    const { tasks: all } = pool.snapshot();
    expect(all.length).toBeGreaterThan(7);
    for (const group of [undefined, 'done', 'twice', 'waits', 'none']) {
      for (const before of [undefined, 0, 3, 6, 100]) {
        for (const state of [undefined, 'queued', 'running', 'cancelling', 'ended'] as const) {
          for (const last of [undefined, 1, 2]) {
            const expected = all
              .filter((task) => group === undefined || task.group === group)
              .filter((task) => before === undefined || task.id < before)
              .filter((task) => state === undefined || task.state === state)
              .slice(-(last ?? all.length));
            expect(pool.snapshot({ tasks: { group, before, state, last } }).tasks).toEqual(
              expected,
            );
          }
        }
      }
    }
    pool.cancelAll();
  });

  test('says the kind of a SimpleTaskPool, and no limit as null', () => {
    expect(simplePool(() => 1).snapshot()).toMatchObject({
      kind: 'SimpleTaskPool',
      poolSize: null,
      retain: 10_000,
      seq: 0,
    });
  });
});

function group(
  name: string,
  method: 'apply' | 'map',
  source: 'exhausted',
  fields: Partial<PoolSnapshot['groups'][number]>,
): PoolSnapshot['groups'][number] {
  const counts = {
    created: 0,
    ended: 0,
    running: 0,
    delayed: 0,
    paused: false,
    numConcurrent: null,
  };
  return { name, method, functionName: 'anonymous', source, ...counts, ...fields };
}

function task(id: number, group: string, index: number) {
  const at = expect.any(Number);
  return { id, group, index, attempt: 1, queuedAt: at, startedAt: at };
}
