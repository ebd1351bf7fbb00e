/** Recorded work, run again with the same settings, takes as long as it took. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStore, TaskPool } from 'xstate-taskpool';
import { simulate } from 'xstate-taskpool/simulate';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { runs } from '../support/runs.ts';

type Perform = (task: Work, context: { attempt: number }) => Promise<void>;
type Pool = TaskPool<{ readonly key: object; readonly rate: object }>;
type Generated<A> = A extends fc.Arbitrary<infer T> ? T : never;

interface Work {
  readonly ms: number;
  readonly key: number;
  readonly failures: number;
  readonly priority: number | null;
}

const work: fc.Arbitrary<Work> = fc.record({
  ms: fc.integer({ min: 1, max: 300 }),
  key: fc.nat(2),
  failures: fc.nat(1),
  priority: fc.option(fc.nat(3), { nil: null }),
});

const group = fc.record({
  at: fc.nat(500),
  method: fc.constantFrom('map', 'open', 'submit'),
  priority: fc.nat(2),
  numConcurrent: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
  limited: fc.subarray(['key', 'rate'] as const),
  tasks: fc.array(work, { minLength: 1, maxLength: 12 }),
});

const change = fc.record({
  at: fc.nat(1_500),
  what: fc.oneof(
    fc.record({ poolSize: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ concurrent: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ pausedFor: fc.nat(200), key: fc.option(fc.nat(2), { nil: undefined }) }),
    fc.record({ task: fc.nat(40), priority: fc.integer({ min: -2, max: 5 }) }),
    fc.record({ group: fc.nat(3), priority: fc.integer({ min: -2, max: 5 }) }),
  ),
});
type Change = Generated<typeof change>['what'];

test('the same settings give the same makespan within 5 %, and keep every task', async () => {
  const program = fc.record({
    poolSize: fc.integer({ min: 1, max: 5 }),
    groups: fc.array(group, { minLength: 1, maxLength: 4 }),
    changes: fc.array(change, { maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(program, async ({ poolSize, groups, changes }) => {
      const clock = new SimulatedClock();
      const limits = {
        key: { concurrent: 1 },
        rate: { concurrent: 4, rate: { max: 3, per: 400 } },
      };
      const perform: Perform = async (task, { attempt }) => {
        await clock.sleep(task.ms);
        if (attempt <= task.failures) throw new Error('again');
      };
      // Submissions are in the journal where it holds calls.
      const journal = new MemoryStore();
      const pool = new TaskPool({ clock, poolSize, limits, journal, functions: { perform } });
      const done = groups.map((each, place) => run(pool, clock, perform, each, place));
      for (const { at, what } of changes) clock.setTimeout(() => meddle(pool, clock, what), at);
      await clock.until(Promise.all(done));
      const { recorded, simulated, leftOut } = await simulate(pool.journal);
      expect(leftOut).toBe(0);
      expect(simulated.tasks).toBe(groups.flatMap(({ tasks }) => tasks).length);
      expect(Math.abs(simulated.makespan / recorded.makespan - 1)).toBeLessThanOrEqual(0.05);
      for (const [name, { tasks }] of Object.entries(recorded.groups)) {
        expect(simulated.groups[name]?.tasks).toBe(tasks);
      }
    }),
    { ...runs(60), endOnFailure: true },
  );
});

async function run(
  pool: Pool,
  clock: SimulatedClock,
  perform: Perform,
  { at, method, priority, numConcurrent, limited, tasks }: Generated<typeof group>,
  place: number,
): Promise<void> {
  await clock.sleep(at);
  const groupName = `group ${place}`;
  const retry = { limit: 3, delay: 70 };
  if (method === 'submit') {
    const submitted = tasks.map((task) => {
      const keys = Object.fromEntries(limited.map((name) => [name, task.key]));
      const own = task.priority === null ? {} : { priority: task.priority };
      return pool.submit(perform, [task], { groupName, retry, limits: keys, ...own });
    });
    await Promise.all(submitted);
    return;
  }
  const keys = Object.fromEntries(limited.map((name) => [name, ({ key }: Work) => key]));
  const options = { groupName, numConcurrent, priority, retry, limits: keys };
  await pool.map(perform, method === 'map' ? tasks : opened(tasks), options).settled();
}

function meddle(pool: Pool, clock: SimulatedClock, what: Change): void {
  if ('poolSize' in what) pool.poolSize = what.poolSize;
  else if ('concurrent' in what) pool.limits.key.concurrent = what.concurrent;
  else if ('pausedFor' in what) {
    if (what.key !== undefined) pool.limits.key.pause(what.key, what.pausedFor);
    else {
      pool.pause();
      clock.setTimeout(() => pool.resume(), what.pausedFor);
    }
  } else if ('group' in what) {
    const name = `group ${what.group}`;
    if (pool.snapshot().groups.some((each) => each.name === name)) {
      pool.group(name).priority = what.priority;
    }
  } else {
    const waiting = pool.snapshot().tasks.filter(({ state }) => state !== 'ended');
    const chosen = waiting[what.task % waiting.length];
    if (chosen !== undefined) pool.setPriority(chosen.id, what.priority);
  }
}

function* opened<T>(items: readonly T[]): Generator<T> {
  yield* items;
}
