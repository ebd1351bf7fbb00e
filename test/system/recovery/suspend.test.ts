/** A pool that is suspended, and continued from the store that it has released. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { PoolSuspended, type TaskContext, TaskPool } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { turn, untilAborted } from '../../support/pools.ts';
import { kinds, newPath } from '../../support/stores.ts';

const quiet = { info() {}, error() {} };

/** What the functions of the first process do: one ends, one fails, the others run until they are aborted. */
const first = {
  work: (item: string, context: TaskContext) => {
    if (item === 'quick') return item;
    if (item === 'flaky') throw new Error('again');
    return untilAborted(context);
  },
};

describe.each(kinds)('$name', ({ open }) => {
  test('is released by a suspension, and holds what runs, waits, is delayed or was submitted', async () => {
    const path = await newPath();
    const store = await open(path);
    const limits = { host: { concurrent: 1 } };
    const pool = new TaskPool({
      ...{ poolSize: 4, journal: store, functions: first, limits, keepResults: true },
      logger: quiet,
    });
    const items = ['quick', 'flaky', 'a', 'b', 'c'];
    const group = pool.map(first.work, items, {
      groupName: 'items',
      numConcurrent: 2,
      retry: { limit: 2, delay: 3_600_000 },
    });
    const hosts = pool.map(first.work, ['x', 'y'], { groupName: 'hosts', limits: { host: true } });
    const submitted = ['one', 'two', 'three'].map((item, place) =>
      pool.submit(first.work, [item], { unique: item, priority: place - 5 }),
    );
    const waits = Promise.allSettled([group.results(), hosts.results(), ...submitted]);
    while (pool.numRunning < 4 || pool.numDelayed < 1) await turn();

    await pool.suspend({ reason: 'deploy' });
    for (const wait of await waits) {
      expect(wait).toMatchObject({ status: 'rejected', reason: expect.any(PoolSuspended) });
    }

    const called: string[] = [];
    const again = await open(path);
    const next = await recoverTaskPool(again, {
      functions: {
        work: async (item: string) => {
          called.push(item);
          await sleep(1);
          return item;
        },
      },
      logger: quiet,
    });
    const delayed = next.snapshot({ tasks: { state: 'delayed' } }).tasks;
    expect(delayed.map(({ group: name, index }) => [name, index])).toEqual([['items', 1]]);
    expect(next.limits).toHaveProperty('host');
    const joined = next.submit(() => '', [], { unique: 'three' }).catch(() => undefined);
    await next.group('hosts').results();
    await Promise.race([joined, next.untilSizeBelow(2)]);
    next.cancel([delayed[0]!.id], 'not today');
    await next.gatherAndClose({ returnExceptions: true });
    expect(called.sort()).toEqual(['a', 'b', 'c', 'one', 'three', 'two', 'x', 'y']);
    expect(next.totals).toMatchObject({ fulfilled: 9, cancelled: 1 });
  });
});
