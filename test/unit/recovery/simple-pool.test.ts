import { expect, test } from 'vitest';
import { replay } from 'xstate-taskpool';
import { recoverSimpleTaskPool, recoverTaskPool } from 'xstate-taskpool/recovery';
import { leftBy } from '../../support/lives.ts';
import { actors, Log, simplePool, taskPool, turn, untilAborted } from '../../support/pools.ts';

const defaults = { actors, logger: new Log() } as const;

test('a SimpleTaskPool goes on as well, and starts more', async () => {
  const functions = { untilAborted };
  const pool = simplePool(untilAborted, ['x'], { functions, poolSize: 3 });
  pool.start(2);
  pool.start(3);
  await turn();
  const store = await leftBy(pool);
  const ended: number[] = [];
  const calls: unknown[] = [];
  const work = async (name: string, { attempt }: { attempt: number }) =>
    void calls.push([name, attempt]);
  const again = await recoverSimpleTaskPool(store, work, ['y'], {
    ...defaults,
    functions: { untilAborted: work },
    endCallback: (id) => void ended.push(id),
  });
  expect(again.poolSize).toBe(3);
  again.start(1);
  await again.gatherAndClose();
  expect(calls.sort()).toEqual([
    ['x', 1],
    ['x', 1],
    ['x', 2],
    ['x', 2],
    ['x', 2],
    ['y', 1],
  ]);
  expect(ended.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(again.funcName).toBe('work');
  expect(replay(store)).toEqual(again.snapshot());
});

test('and what is stopped is what it says', async () => {
  const functions = { untilAborted };
  const pool = simplePool(untilAborted, [], { functions, poolSize: 3 });
  pool.start(5);
  await turn();
  const again = await recoverSimpleTaskPool(await leftBy(pool), untilAborted, [], {
    ...defaults,
    functions,
  });
  while (again.numRunning < 3) await turn();
  expect(again.stop(1)).toEqual([2]);
  expect(again.stopAll()).toEqual([3, 1, 0]);
  await again.gatherAndClose();
  expect(again.totals).toMatchObject({ created: 4, cancelled: 4 });
});

test('what waits to be run again is stopped with the rest', async () => {
  const functions = { untilAborted };
  const pool = simplePool(untilAborted, [], { functions });
  pool.start(3);
  await turn();
  const again = await recoverSimpleTaskPool(await leftBy(pool), untilAborted, [], {
    ...defaults,
    functions,
    poolSize: 0,
  });
  expect(again.numQueued).toBe(3);
  expect(again.stopAll()).toEqual([2, 1, 0]);
  await again.gatherAndClose();
  expect(again.totals).toMatchObject({ created: 3, cancelled: 3, started: 3 });
});

test('each kind of pool resumes its own kind', async () => {
  const simple = await leftBy(simplePool(untilAborted, []));
  const other = await leftBy(taskPool());
  await expect(recoverTaskPool(simple, { functions: {} })).rejects.toThrow(TypeError);
  const options = { functions: { untilAborted } };
  await expect(recoverSimpleTaskPool(other, untilAborted, [], options)).rejects.toThrow(
    'expected the journal of a SimpleTaskPool, got one of a TaskPool',
  );
});
