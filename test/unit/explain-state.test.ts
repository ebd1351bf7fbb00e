/** Why something waits, said of a state that is only looked at: the same as the pool itself says. */

import { expect, test } from 'vitest';
import { checkpointOf, explainState, replay, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';

const forever = (_: unknown, { signal }: { signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

async function* nothingYet(): AsyncGenerator<number> {
  await new Promise(() => {});
  yield 1;
}

function waiting() {
  const clock = new SimulatedClock();
  const pool = new TaskPool({
    poolSize: 4,
    clock,
    limits: { host: { concurrent: 1 }, calls: { rate: { max: 1, per: 60_000 } } },
  });
  pool.apply(async () => {}, [], { groupName: 'done' });
  pool.map(forever, ['a', 'b'], { groupName: 'host', limits: { host: 'one' } });
  pool.map(forever, [1, 2], { groupName: 'rate', limits: { calls: true } });
  pool.map(forever, [1, 2, 3], { groupName: 'limited', numConcurrent: 1 });
  pool.map(forever, [1, 2], { groupName: 'paused' }).pause();
  pool.map(forever, [1, 2, 3, 4], { groupName: 'full' });
  const retry = { limit: 1, delay: 5000, jitter: 'none' } as const;
  const fail = async () => {
    throw new Error('once');
  };
  pool.apply(fail, [], { groupName: 'delayed', retry });
  pool.map(forever, nothingYet(), { groupName: 'source' });
  return { pool, clock };
}

test('it is what the pool says, of each task and each group', async () => {
  const { pool, clock } = waiting();
  const reasons = new Set<string>();
  for (const change of [
    () => {},
    () => pool.cancel(1),
    () => {
      pool.poolSize = 9;
    },
    () => pool.pause(),
  ]) {
    change();
    await clock.pass(10);
    const state = checkpointOf(pool.journal);
    expect(pool.explain('done').reason).toEqual({ why: 'state', state: 'done' });
    const groups = pool.snapshot({ tasks: false }).groups.map(({ name }) => name);
    const ids = pool.snapshot().tasks.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(5);
    for (const what of [...ids, ...groups]) {
      const said = pool.explain(what);
      reasons.add(said.reason.why);
      expect(explainState(state, what, clock.now())).toEqual(said);
    }
  }
  const all = ['delayed', 'full', 'group', 'limit', 'paused', 'source', 'state'];
  expect([...reasons].sort()).toEqual(all);
  pool.cancelAll();
  await pool.gatherAndClose({ returnExceptions: true });
});

test('what there was not then is refused', () => {
  const { pool } = waiting();
  const state = checkpointOf(pool.journal);
  expect(() => explainState(state, 99, 0)).toThrow('expected the id of a task');
  expect(() => explainState(state, 'none', 0)).toThrow('expected the name of a group');
  pool.cancelAll();
});

test('whether the pool is full is right after each event, whatever holds no slot any longer', async () => {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ poolSize: 2, clock });
  const retry = { limit: 2, delay: 10, jitter: 'none' } as const;
  let failures = 0;
  const failFirst = async () => {
    if (failures++ < 3) throw new Error('once more');
  };
  pool.apply(failFirst, [], { num: 4, retry });
  pool.apply(forever, [0], { groupName: 'stuck' });
  pool.map(async () => {}, [1, 2, 3], { groupName: 'limited', numConcurrent: 1 });
  await clock.pass(100);
  pool.cancelGroup('stuck');
  await pool.gatherAndClose();
  const seen = new Set<string>();
  for (const { seq, at } of pool.journal) {
    const state = checkpointOf(pool.journal, { until: seq });
    const { tasks, groups, numRunning } = replay(pool.journal, { until: seq });
    for (const task of tasks.filter((each) => each.state === 'queued')) {
      const { why } = explainState(state, task.id, at).reason;
      seen.add(why);
      expect(why).toBe(numRunning < 2 ? 'turn' : 'full');
    }
    const limited = groups.find(({ name }) => name === 'limited');
    if (limited?.source !== 'open') continue;
    const { why } = explainState(state, 'limited', at).reason;
    seen.add(why);
    // After the last item it waits for nothing.
    const busy = limited.created < 3 ? 'group' : 'state';
    if (limited.running === 1) expect(why).toBe(busy);
    else expect(['turn', 'full', 'source']).toContain(why);
  }
  expect(seen).toEqual(new Set(['turn', 'full', 'group', 'state', 'source']));
});

test('the second key of a task may hold it back, and a rate without a start does not', async () => {
  const clock = new SimulatedClock();
  const limits = { free: { rate: { max: 1, per: 50 } }, host: { concurrent: 1 } };
  const pool = new TaskPool({ clock, limits });
  pool.map(forever, [1], { limits: { host: 'a' } });
  await clock.pass(0);
  pool.map(forever, [2], { groupName: 'both', limits: { free: 'b', host: 'a' } });
  await clock.pass(0);
  const state = checkpointOf(pool.journal);
  expect(explainState(state, 'both', clock.now()).reason).toMatchObject({
    limit: 'host',
    of: 'concurrent',
  });
  pool.cancelAll();
  await pool.gatherAndClose({ returnExceptions: true });
});

test('a pause is over at its end, and a rate opens', async () => {
  const clock = new SimulatedClock();
  const limits = { host: { concurrent: 9 }, calls: { rate: { max: 2, per: 100 } } };
  const pool = new TaskPool({ clock, limits });
  const pausedUntil = clock.now() + 50;
  pool.limits.host.pause('a', pausedUntil);
  pool.map(forever, [1], { groupName: 'paused', limits: { host: 'a' } });
  pool.map(forever, [1, 2, 3], { groupName: 'rated', numConcurrent: 3, limits: { calls: true } });
  await clock.pass(0);
  const state = checkpointOf(pool.journal);
  const [first] = state.limitKeys?.find(({ limit }) => limit === 'calls')?.starts ?? [];
  const opensAt = (first as number) + 100;
  for (const [group, until, of] of [
    ['paused', pausedUntil, 'paused'],
    ['rated', opensAt, 'rate'],
  ] as const) {
    const waits = { why: 'limit', of, until };
    expect(explainState(state, group, until - 1).reason).toMatchObject(waits);
    expect(explainState(state, group, until).reason.why).toBe('turn');
  }
  pool.cancelAll();
  await pool.gatherAndClose({ returnExceptions: true });
});
