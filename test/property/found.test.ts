/** What random programs have found, each as a program of its own. */

import { describe, expect, test } from 'vitest';
import { type BasePool, replay } from 'xstate-taskpool';
import { Gate, simplePool, taskPool, turn } from '../support/pools.ts';

function expectReplay(pool: BasePool): void {
  expect(replay(pool.journal)).toEqual(pool.snapshot());
}

/** The ids of the tasks in the order in which they started. */
function starts(pool: BasePool): number[] {
  return [...pool.journal].flatMap((event) => (event.type === 'task.started' ? [event.id] : []));
}

describe('the journal replays', () => {
  test('when a source cancels its group and then throws', async () => {
    const pool = taskPool();
    function* source() {
      yield 0;
      group.cancel('enough');
      throw new Error('the source failed');
    }
    const group = pool.map((n: number) => n, source());
    await turn();
    expectReplay(pool);
    await expect(pool.gatherAndClose({ returnExceptions: true })).resolves.toEqual([]);
  });

  test('when a group that is over is paused, resumed and limited', async () => {
    const pool = taskPool({ retain: 'none' });
    const group = pool.map((n: number) => n, [1, 2]);
    const cancelled = pool.map(() => new Gate().promise, [1, 2]);
    await turn();
    cancelled.pause();
    cancelled.cancel();
    for (const each of [group, cancelled]) {
      each.numConcurrent = 4;
      each.pause();
      each.resume();
    }
    expectReplay(pool);
  });

  test('when cancelling all makes the pool forget a group that was over', async () => {
    const pool = simplePool(() => undefined, [], { poolSize: 0, retain: 1 });
    for (let count = 0; count < 3; count++) pool.start(1);
    pool.cancel(2);
    pool.cancelAll();
    expectReplay(pool);
  });
});

describe('nobody is overtaken', () => {
  test('by a group that a subscriber makes', async () => {
    const pool = simplePool(() => undefined, [], { poolSize: 1 });
    const off = pool.on('task.queued', () => {
      off();
      pool.start(1);
    });
    pool.start(1);
    await turn();
    expect(starts(pool)).toEqual([0, 1]);
  });

  test('by one that gets its first item as both are resumed', async () => {
    const items = new Gate<number>();
    async function* late() {
      yield items.promise;
    }
    const gate = new Gate();
    const pool = taskPool({ poolSize: 1 });
    const first = pool.map((n: number) => n, late());
    await turn();
    first.pause();
    items.resolve(1);
    const second = pool.apply(() => gate.promise, [], { num: 2 });
    await turn();
    expect(pool.task(1).state).toBe('queued');
    second.pause();
    pool.poolSize = 2;
    await turn();
    first.resume();
    second.resume();
    await turn();
    expect(starts(pool)).toEqual([0, 1]);
  });
});

describe('stopAll', () => {
  test('gives what waited the youngest first, whatever group it is of', async () => {
    const gates = [new Gate(), new Gate()];
    let calls = 0;
    const pool = simplePool(() => gates[calls++]?.promise, [], { poolSize: 1 });
    pool.start(3);
    await turn();
    pool.start(1);
    await turn();
    gates[0]?.resolve();
    await turn();
    expect(starts(pool)).toEqual([0, 1]);
    expect(pool.stopAll()).toEqual([3, 2, 1]);
  });

  test('lets go who waits for a paused group', async () => {
    const pool = simplePool(() => undefined);
    const group = pool.start(5);
    const off = pool.on('task.started', () => {
      off();
      group.pause();
    });
    await turn();
    const idle = pool.untilIdle();
    const closed = pool.gatherAndClose();
    await turn();
    expect(pool.isClosed).toBe(false);
    pool.stopAll();
    await Promise.all([idle, closed]);
    expect(pool.isClosed).toBe(true);
  });
});

test('what a source threw is raised, though its group was cancelled after that', async () => {
  const failure = new Error('the source failed');
  const gate = new Gate();
  async function* source() {
    yield 0;
    throw failure;
  }
  const pool = taskPool();
  const group = pool.map(() => gate.promise, source(), { numConcurrent: 2 });
  await turn();
  expect(pool.snapshot().groups).toMatchObject([{ source: 'failed' }]);
  group.cancel();
  gate.resolve();
  await expect(pool.gatherAndClose()).rejects.toBe(failure);
});

test('stop stops those that are the youngest when it is called, and no others', async () => {
  const pool = simplePool(() => new Gate().promise);
  pool.start(2);
  await turn();
  const youngest = pool.start(2);
  await turn();
  const off = pool.on('task.cancelling', () => {
    off();
    youngest.cancel('by a subscriber');
  });
  expect(pool.stop(2)).toEqual([3, 2]);
  expect(pool.snapshot().tasks.map(({ state }) => state)).toEqual([
    'running',
    'running',
    'cancelling',
    'cancelling',
  ]);
  expectReplay(pool);
});
