/** What must hold a task back at the moment at which a slot, or a key of a limit, becomes free. */

import { expect, test } from 'vitest';
import { replay, TaskPool } from 'xstate-taskpool';
import { Gates, SimulatedClock } from 'xstate-taskpool/testing';
import { Log, taskPool, turn } from '../support/pools.ts';

const logger = new Log();

/** A function whose calls end one by one, by their names. */
function stepwise() {
  const begun: string[] = [];
  const gates = new Gates<string, string>();
  const work = (name: string): Promise<string> => {
    begun.push(name);
    return gates.wait(name);
  };
  const end = async (name: string, failed = false): Promise<void> => {
    if (failed) gates.break(name, new Error('failed'));
    else gates.open(name, name);
    await turn();
  };
  const endAll = async (): Promise<void> => {
    for (let [name] = gates.waiting; name !== undefined; [name] = gates.waiting) await end(name);
  };
  return { work, begun, end, endAll };
}

test('no item is taken while as many tasks as the lookahead allows are delayed', async () => {
  const clock = new SimulatedClock();
  const { work, begun, end, endAll } = stepwise();
  const pool = new TaskPool({ poolSize: 2, clock, logger });
  const retry = { limit: 1, delay: 100 };
  pool.map(work, ['a', 'b', 'c'], { numConcurrent: 2, lookahead: 1, retry });
  await clock.pass(0);
  pool.map(work, ['x']);
  await clock.pass(0);
  await end('a', true);
  expect(begun).toEqual(['a', 'b', 'x']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'x']);
  await clock.pass(200);
  // Its slot is still taken by another group.
  await end('x');
  expect(begun).toEqual(['a', 'b', 'x', 'a', 'c']);
  await endAll();
  await pool.gatherAndClose();
});

test.each<[string, (pool: TaskPool, group: ReturnType<TaskPool['group']>) => void]>([
  ['pauses its group', (_, group) => group.pause()],
  ['pauses the pool', (pool) => pool.pause()],
  [
    'lets fewer of its tasks run',
    (_, group) => {
      group.numConcurrent = 1;
    },
  ],
  [
    'makes the pool smaller',
    (pool) => {
      pool.poolSize = 1;
    },
  ],
])('an item does not start if its source %s', async (_, change) => {
  const { work, begun, endAll } = stepwise();
  const pool = taskPool({ poolSize: 5 });
  function* items() {
    yield 'first';
    change(pool, group);
    yield 'second';
  }
  const group = pool.map(work, items(), { numConcurrent: 3 });
  await turn();
  expect([begun, pool.numQueued]).toEqual([['first'], 1]);
  group.resume();
  pool.resume();
  await turn();
  await endAll();
  expect(begun).toEqual(['first', 'second']);
  await pool.gatherAndClose();
});

test('a group that is paused leaves its key to the others', async () => {
  const { work, begun, end, endAll } = stepwise();
  const pool = new TaskPool({ poolSize: 1, limits: { host: { concurrent: 1 } }, logger });
  pool.map(work, ['busy']);
  const limits = { host: 'a' };
  const first = pool.map(work, ['first'], { limits });
  await turn();
  pool.map(work, ['second'], { limits });
  await turn();
  first.pause();
  await end('busy');
  expect(begun).toEqual(['busy', 'second']);
  first.resume();
  await end('second');
  expect(begun).toEqual(['busy', 'second', 'first']);
  await endAll();
  await pool.gatherAndClose();
});

test('a group keeps its turn while it is paused, and when a task of it gets another place', async () => {
  const { work, begun, end, endAll } = stepwise();
  const pool = taskPool({ poolSize: 1 });
  pool.map(work, ['busy']);
  const first = pool.map(work, ['first']);
  pool.map(work, ['second']);
  await turn();
  first.pause();
  await end('busy');
  expect(begun).toEqual(['busy', 'second']);
  pool.map(work, ['third']);
  await turn();
  first.resume();
  await turn();
  pool.setPriority(1, 1);
  pool.setPriority(1, 0);
  await turn();
  await end('second');
  expect(begun).toEqual(['busy', 'second', 'first']);
  await endAll();
  await pool.gatherAndClose();
});

test('a rate counts functions from when they were called, also after others that took time before', async () => {
  let now = 0;
  const clock = new SimulatedClock();
  const own = {
    now: () => now + clock.now(),
    setTimeout: (run: () => void, ms: number) => clock.setTimeout(run, ms),
    clearTimeout: (id: unknown) => clock.clearTimeout(id as number),
  };
  const pool = new TaskPool({
    limits: { api: { rate: { max: 2, per: 100 } } },
    clock: own,
    logger,
  });
  const starts: number[] = [];
  const work = (): void => {
    starts.push(own.now());
    // The event loop is blocked.
    now += 30;
  };
  pool.map(work, [1, 2, 3, 4], { numConcurrent: 4, limits: { api: true } });
  await turn();
  for (let step = 0; step < 20; step++) await clock.pass(10);
  expect(starts).toHaveLength(4);
  for (const [place, at] of starts.slice(2).entries()) {
    expect(at - (starts[place] as number)).toBeGreaterThanOrEqual(100);
  }
  await pool.gatherAndClose();
});

test('keys are forgotten with the last task that needs them, also after retries and new places', async () => {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ poolSize: 3, limits: { host: { concurrent: 1 } }, clock, logger });
  const tried = new Set<number>();
  const work = async (n: number): Promise<void> => {
    if (tried.has(n)) return;
    tried.add(n);
    throw new Error('once more');
  };
  pool.map(work, [0, 1, 2, 3, 4, 5], {
    numConcurrent: 3,
    limits: { host: (n: number) => n % 4 },
    retry: { limit: 1, delay: 10 },
  });
  await clock.pass(5);
  for (const id of [0, 2, 3]) pool.setPriority(id, 1);
  await clock.pass(100);
  expect(pool.totals.fulfilled).toBe(6);
  const { limits } = pool['core'].admission;
  expect(limits?.get('host')?.keys.size).toBe(0);
  await pool.gatherAndClose();
});

test('tasks of submissions stay in line when the first with a key of a limit comes', async () => {
  const clock = new SimulatedClock();
  const { work, begun, end, endAll } = stepwise();
  const pool = new TaskPool({ poolSize: 1, limits: { host: { concurrent: 1 } }, clock, logger });
  const submit = (name: string, options = {}) =>
    void pool.submit(work, [name], { groupName: 'g', ...options }).catch(() => {});
  submit('delayed', { retry: { limit: 1, delay: 100 } });
  await clock.pass(0);
  submit('plain');
  await clock.pass(0);
  submit('urgent', { priority: 5 });
  await clock.pass(0);
  await end('delayed', true);
  expect(begun).toEqual(['delayed', 'urgent']);
  submit('limited', { limits: { host: 'a' } });
  await clock.pass(50);
  await end('urgent');
  await end('plain');
  await end('limited');
  expect(begun).toEqual(['delayed', 'urgent', 'plain', 'limited']);
  await clock.pass(100);
  expect(begun.at(-1)).toBe('delayed');
  await endAll();
  await pool.gatherAndClose();
});

test('a submission that comes first starts before a task that waits, in a group that may run one', async () => {
  const { work, begun, end, endAll } = stepwise();
  const pool = taskPool({ poolSize: 1 });
  const submit = (name: string, priority = 0) =>
    void pool.submit(work, [name], { groupName: 'g', priority });
  submit('runs');
  await turn();
  submit('waits');
  await turn();
  pool.group('g').numConcurrent = 1;
  submit('urgent', 5);
  await turn();
  await end('runs');
  expect(begun).toEqual(['runs', 'urgent']);
  await endAll();
  await pool.gatherAndClose();
});

test('submissions that are withdrawn as the pool closes are so before their group is over', async () => {
  const { work } = stepwise();
  const pool = taskPool({ functions: { work }, poolSize: 0 });
  const waiting = [1, 2, 3].map((n) => pool.submit(work, [`${n}`], { unique: `${n}` }));
  const outcomes = Promise.allSettled(waiting);
  await turn();
  const closed = pool.gatherAndClose();
  pool.cancel(['1', '2', '3'], 'enough');
  await closed;
  const types = [...pool.journal].map(({ type }) => type);
  expect(types.indexOf('group.withdrawn')).toBeGreaterThan(0);
  expect(types.indexOf('group.withdrawn')).toBeLessThan(types.indexOf('group.exhausted'));
  expect(replay([...pool.journal])).toEqual(pool.snapshot());
  expect(await outcomes).toEqual(Array(3).fill({ status: 'rejected', reason: 'enough' }));
});
