/** A checkpoint has all starts and pauses that limits still count, whatever changes in between. */

import fc from 'fast-check';
import { expect } from 'vitest';
import { checkpointOf, type PoolEvent, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Log } from '../support/pools.ts';
import { property } from '../support/property.ts';
import { runs } from '../support/runs.ts';

const key = fc.constantFrom('a', 'b', 'c');
const rate = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  per: fc.integer({ min: 1, max: 100 }),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ start: key }) },
  { weight: 3, arbitrary: fc.record({ pass: fc.nat(80) }) },
  fc.record({ rate: fc.option(rate) }),
  fc.record({ pause: key, ms: fc.nat(150) }),
);

/** All starts and pauses by key, from the events alone; those that a rate no longer counted when it changed are out. */
function counted(events: Iterable<PoolEvent>, now: number) {
  const keys = new Map<number, string>();
  let starts: { key: string; at: number }[] = [];
  const pauses = new Map<string, number>();
  let per = 100;
  for (const event of events) {
    if (event.type === 'task.queued') keys.set(event.id, event.keys?.['host'] as string);
    else if (event.type === 'task.started' && per > 0) {
      starts.push({ key: keys.get(event.id) as string, at: event.at });
    } else if (event.type === 'limit.changed') {
      starts = starts.filter(({ at }) => at > event.at - per);
      per = event.rate?.per ?? 0;
      if (per === 0) starts = [];
    } else if (event.type === 'limit.paused') pauses.set(event.key as string, event.until);
  }
  const found: Record<string, { starts: number[]; pausedUntil?: number }> = {};
  for (const name of ['a', 'b', 'c']) {
    const own = starts.filter((each) => each.key === name && each.at > now - per);
    const pausedUntil = pauses.get(name) ?? 0;
    if (own.length === 0 && pausedUntil <= now) continue;
    found[name] = {
      starts: own.map(({ at }) => at),
      ...(pausedUntil > now ? { pausedUntil } : {}),
    };
  }
  return found;
}

property([fc.array(step, { minLength: 3, maxLength: 30 })], runs(100))(
  'a checkpoint has all that its limits still count',
  async (steps) => {
    const clock = new SimulatedClock();
    await clock.pass(1000);
    const limits = { host: { rate: { max: 3, per: 100 } } };
    const pool = new TaskPool({ clock, limits, logger: new Log() });
    for (const each of steps) {
      if ('start' in each) pool.apply(() => 1, [], { limits: { host: each.start } });
      else if ('pass' in each) await clock.pass(each.pass);
      else if ('rate' in each) pool.limits.host.rate = each.rate ?? undefined;
      else pool.limits.host.pause(each.pause, clock.now() + each.ms);
      await clock.pass(0);
      const now = clock.now();
      const { limitKeys = [] } = checkpointOf(pool.journal);
      const needed = counted(pool.journal, now);
      for (const [name, { starts, pausedUntil }] of Object.entries(needed)) {
        const kept = limitKeys.find((record) => record.key === name);
        expect(kept?.starts).toEqual(expect.arrayContaining(starts));
        if (pausedUntil !== undefined) expect(kept?.pausedUntil).toBe(pausedUntil);
      }
    }
    pool.cancelAll();
    await pool.gatherAndClose({ returnExceptions: true });
  },
);
