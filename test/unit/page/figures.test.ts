/** How far groups and functions are, by what statistics have counted. */

import { expect, test } from 'vitest';
import { type PoolEvent, TaskPool } from 'xstate-taskpool';
import { Statistics, summarize } from 'xstate-taskpool/statistics';
import type { GroupRecord } from '../../../src/machines/records.ts';
import { figuresOf, figuresOfRow } from '../../../src/page/dashboard/lists/figures.ts';

async function odd(n: number): Promise<number> {
  if (n % 2 === 0) throw new RangeError(`${n} is even`);
  return n;
}

/** Three groups one after the other, all of the same name. */
async function nights(): Promise<readonly PoolEvent[]> {
  const pool = new TaskPool({ poolSize: 2 });
  for (const items of [
    [1, 2, 3],
    [1, 3],
    [1, 2, 4, 5],
  ]) {
    await pool.map(odd, items, { groupName: 'nightly', endCallback() {} }).settled();
    await pool.flush();
  }
  const events = [...pool.journal];
  await pool.gatherAndClose({ returnExceptions: true });
  return events;
}

test('a group is as far as it is itself, whoever had its name before', async () => {
  const counts = new Statistics();
  for (const event of await nights()) counts.apply(event);
  const { groups, functions } = summarize(counts);
  const [row] = groups;
  expect(row).toMatchObject({
    created: 9,
    planned: 4,
    outcomes: { fulfilled: 6, rejected: 3, cancelled: 0 },
    earlier: { groups: 2, created: 5, outcomes: { fulfilled: 4, rejected: 1, cancelled: 0 } },
  });
  const last = { ended: 4, slots: 0, delayed: 0, created: 4, numUnmade: 0, source: 'exhausted' };
  const own = { total: 4, ended: 4, outcomes: { fulfilled: 2, rejected: 2, cancelled: 0 } };
  expect(figuresOf([last as GroupRecord], row)).toMatchObject(own);
  expect(row && figuresOfRow(row)).toMatchObject(own);
  // What the function has done, it has done for all of them.
  expect(figuresOf([last as GroupRecord], functions[0])).toMatchObject({
    total: 9,
    ended: 9,
    outcomes: { fulfilled: 6, rejected: 3, cancelled: 0 },
  });
});
