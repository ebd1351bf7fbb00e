/** How long tasks have waited and run, by the times of their events. */

import fc from 'fast-check';
import { expect } from 'vitest';
import type { PoolEvent, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { storeOver } from '../support/memory-like.ts';
import { taskPool } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

interface Known {
  queuedAt: number;
  startedAt: number | undefined;
}

/** The times of each attempt that has ended, as given and as expected. */
function timesIn(events: Iterable<PoolEvent>): { given: unknown[]; expected: unknown[] } {
  const known = new Map<number, Known>();
  const given: unknown[] = [];
  const expected: unknown[] = [];
  for (const event of events) {
    if (event.type === 'task.queued' || event.type === 'task.requeued') {
      known.set(event.id, { queuedAt: event.at, startedAt: undefined });
    } else if (event.type === 'task.started') {
      (known.get(event.id) as Known).startedAt = event.at;
    } else if (event.type === 'task.failed' || event.type === 'task.ended') {
      const task = known.get(event.id);
      // One that is cancelled between two attempts neither waits nor runs.
      known.delete(event.id);
      if (task === undefined) continue;
      const { id, at, waited, ran } = event;
      const { queuedAt, startedAt = at } = task;
      given.push({ id, waited, ran });
      expected.push({ id, waited: startedAt - queuedAt, ran: at - startedAt });
    }
  }
  return { given, expected };
}

const call = fc.record({
  at: fc.nat(20),
  items: fc.array(fc.record({ ms: fc.nat(10), fails: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  }),
  numConcurrent: fc.integer({ min: 1, max: 3 }),
  isRetried: fc.boolean(),
  isCancelled: fc.boolean(),
});

property(
  [fc.array(call, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 })],
  runs(300),
)(
  'tasks have waited and run for as long as the times of their events say',
  async (calls, poolSize) => {
    const clock = new SimulatedClock(1_000);
    const pool: TaskPool = taskPool({ clock, poolSize, journal: storeOver().store });
    for (const { at, items, numConcurrent, isRetried, isCancelled } of calls) {
      void clock.sleep(at).then(async () => {
        const group = pool.map(
          async ({ ms, fails }) => {
            await clock.sleep(ms);
            if (fails) throw new Error('no');
          },
          items,
          {
            numConcurrent,
            ...(isRetried ? { retry: { limit: 1, delay: 3, jitter: 'none' } } : {}),
          },
        );
        void group.settled();
        await clock.sleep(7);
        if (isCancelled) pool.cancelGroup(group.name);
      });
    }
    await clock.pass(30);
    await clock.until(pool.untilIdle());
    const { given, expected } = timesIn(pool.journal);
    expect(given).toEqual(expected);
    expect(given.length).toBeGreaterThanOrEqual(calls.length);
    await clock.until(pool.gatherAndClose({ returnExceptions: true }));
  },
);
