import { describe, expect, test } from 'vitest';
import { TaskTimedOut } from 'xstate-taskpool';
import { simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const fail = async (): Promise<never> => {
  throw new Error('no');
};

describe('the defaults of a pool', () => {
  test('are options of every call, unless it says otherwise', async () => {
    const ended: number[] = [];
    const own: number[] = [];
    const pool = taskPool({ defaults: { endCallback: (id) => ended.push(id), priority: 3 } });
    pool.apply(() => 1);
    pool.map((n: number) => n, [1], { endCallback: (id) => own.push(id), priority: 0 });
    await pool.submit(() => 1);
    await pool.untilIdle();
    expect([ended.sort(), own]).toEqual([[0, 2], [1]]);
    const created = pool.journal.events().filter(({ type }) => type === 'group.created');
    const priorities = created.map((event) => (event as { priority?: number }).priority);
    expect(priorities.slice(0, 2)).toEqual([3, undefined]);
  });

  test('hold where a call sets an option to undefined, and beside options with a prototype', async () => {
    const ended: number[] = [];
    const pool = taskPool({ defaults: { endCallback: (id) => ended.push(id), priority: 3 } });
    const unsaid = { endCallback: undefined, priority: undefined } as never;
    class Named {
      get groupName() {
        return 'mine';
      }
    }
    const groups = [pool.apply(() => 1, [], unsaid), pool.map(() => 1, [1], new Named())];
    await pool.submit(() => 1, [], unsaid);
    await pool.untilIdle();
    expect(ended.sort()).toEqual([0, 1, 2]);
    expect(groups.map(({ priority }) => priority)).toEqual([3, 3]);
    expect(groups[1]?.name).toBe('mine');
  });

  test('hold for time limits, and for what the first failure does', async () => {
    const pool = taskPool({ defaults: { timeout: 5, onError: 'stop' } });
    const slow = pool.apply(untilAborted);
    await expect(slow.results()).rejects.toThrow(TaskTimedOut);
    const group = pool.map(fail, [1, 2, 3]);
    expect(await group.settled()).toHaveLength(1);
    await expect(pool.submit(untilAborted)).rejects.toThrow(TaskTimedOut);
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test('numConcurrent is for map, and for nothing else', async () => {
    const pool = taskPool({ poolSize: 9, defaults: { numConcurrent: 2 } });
    const mapped = pool.map(untilAborted, [1, 2, 3]);
    const applied = pool.apply(untilAborted, [], { num: 3 });
    expect([mapped.numConcurrent, applied.numConcurrent]).toEqual([2, Infinity]);
    expect(pool.map(untilAborted, [1], { numConcurrent: 1 }).numConcurrent).toBe(1);
    pool.cancelAll();
    await pool.gatherAndClose();
  });

  test('are those of a simple pool as well', async () => {
    const ended: number[] = [];
    const pool = simplePool(() => 1, [], { defaults: { endCallback: (id) => ended.push(id) } });
    await pool.start(2).results();
    await turn();
    expect(ended).toEqual([0, 1]);
  });

  test('can be read, and not changed', () => {
    const defaults = { priority: 1 };
    const pool = taskPool({ defaults });
    defaults.priority = 2;
    expect(pool.defaults).toEqual({ priority: 1 });
    expect(Object.isFrozen(pool.defaults)).toBe(true);
    expect(taskPool().defaults).toEqual({});
  });

  test('are checked with the pool', () => {
    expect(() => taskPool({ defaults: { onError: 'no' as never } })).toThrow(/onError/);
    expect(() => taskPool({ defaults: { numConcurrent: 0 } })).toThrow(/defaults\.numConcurrent/);
    expect(() => taskPool({ defaults: { groupName: 'all' } as never })).toThrow(TypeError);
    expect(() => taskPool({ defaults: { timeOut: 5 } as never })).toThrow(/timeout/);
  });
});
