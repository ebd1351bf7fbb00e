import { describe, expect, test } from 'vitest';
import { TaskGroupAlreadyExists, TaskGroupNotFound } from 'xstate-taskpool';
import { simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

async function work(): Promise<void> {}

describe('a group without a name', () => {
  test('is named after the method and the function, with a number that counts up', () => {
    const pool = taskPool({ poolSize: 0 });
    const groups = [
      pool.apply(work),
      pool.map(work, []),
      pool.starmap(work, []),
      pool.doublestarmap(work, []),
      pool.apply(untilAborted),
    ];
    expect(groups.map(String)).toEqual([
      'apply-work-group-0',
      'map-work-group-1',
      'starmap-work-group-2',
      'doublestarmap-work-group-3',
      'apply-untilAborted-group-4',
    ]);
  });

  test('of a SimpleTaskPool is named after start', () => {
    const pool = simplePool(work);
    expect([pool.start(1).name, pool.start(0).name]).toEqual(['start-group-0', 'start-group-1']);
  });

  test('of a function without a name is anonymous', () => {
    const pool = taskPool();
    const functions = [() => {}, async () => {}];
    const names = functions.map((fn) => pool.apply(fn).name);
    expect(names).toEqual(['apply-anonymous-group-0', 'apply-anonymous-group-1']);
  });

  test.each([5, null, { toString: () => 'odd' }, () => 'odd', Symbol('odd')])(
    'of a function whose name is no text is anonymous',
    (name) => {
      const odd = Object.defineProperty(() => 1, 'name', { value: name });
      const pool = taskPool();
      expect(pool.apply(odd).name).toBe('apply-anonymous-group-0');
      expect(pool.snapshot().groups[0]?.functionName).toBe('anonymous');
    },
  );

  test('has a number that is never used twice, in this pool', async () => {
    const pool = taskPool();
    pool.cancelGroup(pool.apply(untilAborted));
    await pool.apply(work).results();
    await pool.flush();
    expect(pool.apply(work).name).toBe('apply-work-group-2');
    expect(taskPool().apply(work).name).toBe('apply-work-group-0');
  });

  test('uses no number up when the call is refused', () => {
    const pool = taskPool();
    expect(() => pool.apply(work, [], { num: -1 })).toThrow(RangeError);
    pool.lock();
    expect(() => pool.apply(work)).toThrow();
    pool.unlock();
    expect(pool.apply(work).name).toBe('apply-work-group-0');
  });

  test('avoids the names that somebody chose', async () => {
    const pool = taskPool({ poolSize: 0 });
    pool.map(work, [1], { groupName: 'apply-work-group-0' });
    pool.map(work, [1], { groupName: 'apply-work-group-1' });
    expect(pool.apply(work).name).toBe('apply-work-group-2');
    expect(() => pool.apply(work, [], { groupName: 'apply-work-group-2' })).toThrow(
      TaskGroupAlreadyExists,
    );
    await turn();
    expect(pool.getGroupIds('apply-work-group-0', 'apply-work-group-2').size).toBe(2);
  });

  test('is found by its exact name only', () => {
    const pool = taskPool({ poolSize: 0 });
    pool.apply(work);
    for (const name of ['apply-work-group-00', 'apply-other-group-0', 'map-work-group-0', '0']) {
      expect(() => pool.getGroupIds(name)).toThrow(TaskGroupNotFound);
    }
    expect([...pool.getGroupIds('apply-work-group-0')]).toEqual([0]);
  });
});

describe('a name that was chosen', () => {
  test('is in use until its tasks are forgotten', async () => {
    const pool = taskPool();
    await pool.apply(work, [], { groupName: 'mine' }).results();
    expect(() => pool.apply(work, [], { groupName: 'mine' })).toThrow(TaskGroupAlreadyExists);
    await pool.flush();
    expect(pool.apply(work, [], { groupName: 'mine' }).name).toBe('mine');
  });

  test('is free again as soon as its group was cancelled', async () => {
    const pool = taskPool();
    const first = pool.apply(untilAborted, [], { groupName: 'mine' });
    await turn();
    pool.cancelGroup('mine');
    const second = pool.apply(work, [], { groupName: 'mine' });
    expect([...first.ids]).toEqual([0]);
    expect([...pool.getGroupIds('mine')]).toEqual([1]);
    expect(await second.results()).toEqual([undefined]);
    expect(() => pool.cancelGroup(first)).toThrow(TaskGroupNotFound);
    expect([...pool.getGroupIds('mine')]).toEqual([1]);
  });

  test('may be any text, that of a property of objects too', () => {
    const pool = taskPool({ poolSize: 0 });
    for (const groupName of ['__proto__', 'constructor', 'a b', '-group-0', 'ü']) {
      expect(String(pool.apply(work, [], { groupName }))).toBe(groupName);
    }
    expect(pool.getGroupIds('__proto__', 'constructor', '-group-0').size).toBe(3);
  });

  test('of a map whose items are not pulled yet is taken at once', () => {
    const pool = taskPool();
    pool.map(work, [1], { groupName: 'mine' });
    expect(() => pool.map(work, [1], { groupName: 'mine' })).toThrow(TaskGroupAlreadyExists);
    expect(pool.getGroupIds('mine').size).toBe(0);
  });
});

test('getGroupIds gives the ids of all groups asked for, and none when none was', async () => {
  const pool = taskPool({ poolSize: 0 });
  pool.apply(work, [], { groupName: 'a' });
  pool.apply(work, [], { groupName: 'b' });
  pool.apply(work, [], { groupName: 'c' });
  expect([...pool.getGroupIds('c', 'a')].sort()).toEqual([0, 2]);
  expect(pool.getGroupIds().size).toBe(0);
  expect(() => pool.getGroupIds('a', 'd')).toThrow(TaskGroupNotFound);
});

describe('a group that is looked up by its name', () => {
  test('is the group that was made under it', async () => {
    const pool = taskPool();
    pool.map(async (n: number) => n + 1, [1, 2], { groupName: 'named' });
    expect(await pool.group('named').results()).toEqual([2, 3]);
    expect(pool.group('named').name).toBe('named');
  });

  test('can be controlled through it', () => {
    const pool = taskPool();
    const group = pool.map(untilAborted, [1, 2], { groupName: 'named' });
    pool.group('named').numConcurrent = 5;
    pool.cancelGroup(pool.group('named'));
    expect(group.numConcurrent).toBe(5);
    expect(() => pool.group('named')).toThrow(TaskGroupNotFound);
  });

  test('is refused where there is none', () => {
    expect(() => taskPool({ name: 'jobs' }).group('none')).toThrow(
      new TaskGroupNotFound("expected the name of a group of TaskPool-jobs, got 'none'"),
    );
  });
});
