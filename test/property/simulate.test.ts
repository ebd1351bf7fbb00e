/** Recorded work, run again with the same settings, takes as long as it took. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate } from 'xstate-taskpool/simulate';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool } from '../support/pools.ts';
import { runs } from '../support/runs.ts';

const group = fc.record({
  at: fc.nat(500),
  priority: fc.nat(2),
  numConcurrent: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
  keyed: fc.boolean(),
  tasks: fc.array(
    fc.record({ ms: fc.integer({ min: 1, max: 300 }), key: fc.nat(2), failures: fc.nat(1) }),
    { minLength: 1, maxLength: 12 },
  ),
});

test('the same settings give the same makespan within 5 %, and keep every task', async () => {
  const program = fc.record({
    poolSize: fc.integer({ min: 1, max: 5 }),
    groups: fc.array(group, { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(program, async ({ poolSize, groups }) => {
      const clock = new SimulatedClock();
      const limits = { key: { concurrent: 1 } };
      const pool = taskPool({ clock, poolSize, limits });
      const done = groups.map(async ({ at, priority, numConcurrent, keyed, tasks }) => {
        await clock.sleep(at);
        const perform = async (task: (typeof tasks)[number], context: { attempt: number }) => {
          await clock.sleep(task.ms);
          if (context.attempt <= task.failures) throw new Error('again');
        };
        const keys = keyed ? { key: (task: (typeof tasks)[number]) => task.key } : {};
        await pool
          .map(perform, tasks, {
            ...{ numConcurrent, priority, retry: { limit: 3, delay: 70 } },
            limits: keys as object,
          })
          .settled();
      });
      await clock.until(Promise.all(done));
      const { recorded, simulated, leftOut } = await simulate(pool.journal);
      expect(leftOut).toBe(0);
      expect(simulated.tasks).toBe(groups.flatMap(({ tasks }) => tasks).length);
      expect(Math.abs(simulated.makespan / recorded.makespan - 1)).toBeLessThanOrEqual(0.05);
    }),
    runs(60),
  );
});
