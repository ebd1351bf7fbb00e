/** What the dashboard shows of limits: the rule of a rate is that of the pool. */

import { expect, test } from 'vitest';
import { checkpointOf, type RateNumbers, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Moment } from '../../../src/page/dashboard/data/moment.ts';
import { Reel } from '../../../src/page/dashboard/data/reel.ts';
import { limitsOf } from '../../../src/page/dashboard/lists/limit-use.ts';

const RATES: readonly RateNumbers[] = [
  { max: 2, per: 1000 },
  { max: 2, per: 1000, spread: true },
  { max: 5, per: 300, spread: true },
];

test.each(RATES)('says when the next task starts, as the pool does: %o', async (rate) => {
  const clock = new SimulatedClock(10_000);
  const pool = new TaskPool({ poolSize: 9, clock, limits: { host: { rate } } });
  const starts: number[] = [];
  pool.on('task.started', ({ at }) => void starts.push(at));
  const begun = pool.map(async (n: number) => n, [1, 2, 3, 4, 5, 6, 7], {
    limits: { host: 'one' },
  });
  await clock.pass(20);
  const shown = new Moment(checkpointOf(pool.journal), 0, clock.now(), new Reel());
  const [use] = limitsOf(shown, clock.now());
  const { nextStart } = use?.keys[0] ?? expect.fail('expected a key');
  const due = clock.now() + nextStart;
  const before = starts.length;
  await clock.pass(5000);
  expect(await begun.results()).toHaveLength(7);
  expect(starts[before]).toBe(due);
});
