import { describe, expect, test } from 'vitest';
import { eventsOf, isPending, Stage } from '../support/observing.ts';
import { Gate, simplePool, turn, untilAborted } from '../support/pools.ts';

async function work(): Promise<string> {
  return 'done';
}

describe('a SimpleTaskPool', () => {
  test('runs its one function with its one list of arguments, as often as it is told', async () => {
    const pool = simplePool(async (a: string, b: number) => a.repeat(b), ['x', 2]);
    expect(await pool.start(3).results()).toEqual(['xx', 'xx', 'xx']);
    expect(await pool.start(1).results()).toEqual(['xx']);
    expect(await pool.start(0).results()).toEqual([]);
    expect(pool.totals).toMatchObject({ created: 4, fulfilled: 4 });
  });

  test('calls its callbacks for each task, those of the wrong kind never', async () => {
    const ended: number[] = [];
    const cancelled: number[] = [];
    const endCallback = (id: number) => void ended.push(id);
    const cancelCallback = (id: number) => void cancelled.push(id);
    const ending = simplePool(untilAborted, [], { endCallback });
    const cancelling = simplePool(untilAborted, [], { cancelCallback });
    for (const pool of [ending, cancelling]) {
      pool.start(2);
      await turn();
      pool.stop(1);
      await turn();
      pool.stopAll();
      await pool.gatherAndClose();
    }
    expect({ ended, cancelled }).toEqual({ ended: [1, 0], cancelled: [1, 0] });
  });

  test.each([
    ['fn', () => simplePool(5 as never)],
    ['args', () => simplePool(work, 'text' as never)],
    ['endCallback', () => simplePool(work, [], { endCallback: 5 as never })],
    ['cancelCallback', () => simplePool(work, [], { cancelCallback: 5 as never })],
    ['n', () => simplePool(work).start(-1)],
    ['n', () => simplePool(work).stop(-1)],
  ])('says which argument is invalid: %s', (name, call) => {
    expect(call).toThrow(new RegExp(`^expected ${name} to be `));
  });

  test('says the name of its function', () => {
    expect(simplePool(work).funcName).toBe('work');
    expect(simplePool(() => 1).funcName).toBe('anonymous');
    expect(simplePool(work).start(1).name).toBe('start-group-0');
  });

  test('starts all at once, as far as there is room', async () => {
    const pool = simplePool(untilAborted, [], { poolSize: 3 });
    const group = pool.start(5);
    expect(group.numConcurrent).toBe(Infinity);
    await turn();
    expect(pool).toMatchObject({ numRunning: 3, numQueued: 1, isFull: true });
    pool.poolSize = 10;
    await turn();
    expect(pool).toMatchObject({ numRunning: 5, numQueued: 0 });
    pool.stopAll();
  });
});

describe('stop', () => {
  test('cancels the youngest, and returns their ids', async () => {
    const pool = simplePool(untilAborted);
    pool.start(3);
    pool.start(2);
    await turn();
    expect(pool.stop(2)).toEqual([4, 3]);
    expect(pool.stop(1)).toEqual([2]);
    await turn();
    expect(pool.numRunning).toBe(2);
    expect(pool.totals.cancelled).toBe(3);
  });

  test('passes over those that are being cancelled already', async () => {
    const pool = simplePool(() => new Gate().promise);
    pool.start(4);
    await turn();
    pool.cancel(3);
    expect(pool.stop(2)).toEqual([2, 1]);
    expect(pool.stop(5)).toEqual([0]);
    expect(pool.stop(1)).toEqual([]);
    expect(pool.numRunning).toBe(4);
    expect(eventsOf(pool, 'task.cancelling')).toHaveLength(4);
  });

  test('stops as many as there are, and none of those that wait', async () => {
    const pool = simplePool(untilAborted, [], { poolSize: 2 });
    pool.start(4);
    await turn();
    expect(pool.stop(0)).toEqual([]);
    expect(pool.stop(9)).toEqual([1, 0]);
    await turn();
    expect(pool).toMatchObject({ numRunning: 2, numQueued: 0 });
    expect(pool.stop(9)).toEqual([3, 2]);
  });

  test('says without a reason why', async () => {
    const pool = simplePool(untilAborted);
    const group = pool.start(1);
    await turn();
    pool.stop(1);
    expect(await group.settled()).toMatchObject([
      { status: 'cancelled', reason: { name: 'AbortError' } },
    ]);
  });
});

describe('stopAll', () => {
  test('also stops what still waits to start, and what was not made yet', async () => {
    const started = new Stage<string>();
    const pool = simplePool(started.work, ['x'], { poolSize: 2 });
    const first = pool.start(5);
    const second = pool.start(5);
    await turn();
    const ids = pool.stopAll();
    expect([...ids].sort()).toEqual([...first.ids, ...second.ids].sort());
    await started.finish('x');
    await pool.untilIdle();
    expect(started.started).toHaveLength(2);
    expect(pool.totals).toMatchObject({ created: ids.length, started: 2 });
  });

  test('gives the ids of what was cancelled, the youngest first', async () => {
    const pool = simplePool(untilAborted, [], { poolSize: 2 });
    pool.start(3);
    await turn();
    expect(pool.stopAll()).toEqual([2, 1, 0]);
    await pool.untilIdle();
    expect(pool.totals.cancelled).toBe(3);
    expect(pool.stopAll()).toEqual([]);
  });

  test('gives the youngest first also of those that wait', async () => {
    const pool = simplePool(untilAborted, [], { poolSize: 0 });
    for (let group = 0; group < 12; group++) pool.start(1);
    await turn();
    expect(pool.numQueued).toBe(12);
    expect(pool.stopAll()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    await pool.untilIdle();
  });

  test('lets more be started afterwards', async () => {
    let stopping = true;
    const pool = simplePool((context) => (stopping ? untilAborted(context) : 'done'));
    pool.start(2);
    await turn();
    pool.stopAll();
    stopping = false;
    expect(await pool.start(1).results()).toEqual(['done']);
    expect(pool.isLocked).toBe(false);
  });

  test('lets a waiting pool become idle, paused groups included', async () => {
    const pool = simplePool(work, [], { poolSize: 0 });
    const group = pool.start(3);
    group.pause();
    pool.cancel(0);
    await turn();
    const idle = pool.untilIdle();
    expect(await isPending(idle)).toBe(true);
    pool.stopAll();
    await idle;
    expect(pool.totals).toMatchObject({ started: 0, cancelled: 1 });
  });

  test('ends, though a subscriber starts another for each that is stopped', async () => {
    const pool = simplePool(untilAborted, [], { poolSize: 2 });
    pool.start(10);
    await turn();
    for (const type of ['group.exhausted', 'task.cancelling', 'task.cancelled'] as const) {
      pool.on(type, () => {
        if (pool.totals.created < 50) pool.start(1);
      });
    }
    expect(pool.stopAll()).toEqual([2, 1, 0]);
    expect(pool.totals.created).toBeGreaterThan(3);
  });
});
