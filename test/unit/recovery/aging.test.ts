/** What waits has aged while there was no process. */

import { expect, test } from 'vitest';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { leftBy, noting, resume } from '../../support/lives.ts';
import { turn, untilAborted } from '../../support/pools.ts';
import { timed } from '../../support/timed.ts';

test.each(['map', 'submit'] as const)(
  'what waited by %s before a kill starts before what is more important and came after it',
  async (method) => {
    const { work, calls } = noting();
    const functions = { work, untilAborted };
    const { pool, pass } = timed({ functions, poolSize: 1, aging: 1000 });
    pool.map(untilAborted, ['blocks'], { priority: 9, groupName: 'first' });
    await turn();
    if (method === 'map') pool.map(work, ['old'], { groupName: 'old' });
    else {
      // The first of them is a task already, the second one waits to be one.
      const other = pool.submit(work, ['older'], { priority: 1 });
      const promise = pool.submit(work, ['old']);
      for (const each of [other, promise]) each.catch(() => {});
    }
    await pool.untilDurable();
    await pass(1000);
    const clock = new SimulatedClock(6000);
    const again = await resume(await leftBy(pool), { functions, clock, aging: 1000 });
    again.map(work, ['new'], { priority: 2 });
    await clock.pass(0);
    again.cancelGroup('first');
    await again.gatherAndClose();
    const names = calls.map(([name]) => name);
    expect(names.indexOf('new')).toBe(names.length - 1);
    expect(names).toContain('old');
    pool.cancelAll();
    await pool.gatherAndClose();
  },
);
