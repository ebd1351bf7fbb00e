/** Why something waits, said of a state that is only looked at: the same as the pool itself says. */

import { expect, test } from 'vitest';
import { checkpointOf, explainState, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';

const forever = (_: unknown, { signal }: { signal: AbortSignal }): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

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
