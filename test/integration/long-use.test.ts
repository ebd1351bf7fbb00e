/** A pool that is used for long does not grow, whenever its actors are made. */

import { expect, test } from 'vitest';
import type { PoolOptions, TaskPool } from 'xstate-taskpool';
import { Growth, growsLessThan } from '../support/growth.ts';
import { isLong } from '../support/length.ts';
import { simplePool, taskPool, turn, untilAborted } from '../support/pools.ts';

const ROUNDS = isLong ? 30 : 6;
const ITEMS = isLong ? 500 : 250;
/** What is compiled and cached, and the journal, are there after so many. */
const FIRST = 4;
/** Megabytes a round, of more than 1000 tasks or half of that: the fewer rounds there are, the more noise there is. */
const NOISE = isLong ? 0.01 : 0.08;

function* upTo(end: number) {
  for (let i = 0; i < end; i += 1) yield { i, text: `item ${i}` };
}

/** Everything that can be done to a pool, and then a flush. */
async function doRound(pool: TaskPool, round: number): Promise<void> {
  const fail = () => Promise.reject(new Error('no'));
  const signal = new AbortController();
  const off = pool.on('task.ended', () => {});
  const options = { numConcurrent: 10, endCallback: () => {} };
  const group = pool.map(async (item) => item, upTo(ITEMS), { ...options, signal: signal.signal });
  const results = group.results();
  for await (const { i } of pool.map(async (item) => item, upTo(ITEMS), options))
    if (i > 100) break;
  await results;
  for (let i = 0; i < ITEMS / 5; i += 1) void pool.apply(async () => i).results();
  pool.map(fail, upTo(20), { groupName: `failing ${round}` });
  await pool.map(fail, upTo(20)).settled();
  const waiting = pool.apply(untilAborted, [], { num: 20, cancelCallback: () => {} });
  await turn();
  pool.task([...waiting.ids][0] as number).actor.getSnapshot();
  pool.cancel(...waiting.ids);
  pool.apply(untilAborted, [], { num: 20 });
  await pool.untilSizeBelow(30);
  pool.poolSize = 10 + (round % 5);
  pool.cancelAll(`round ${round}`);
  await pool.untilIdle();
  off();
  pool.snapshot();
  await pool.flush({ returnExceptions: true });
}

test.each<PoolOptions>([
  { retain: 'all' },
  { retain: 'none' },
  // Some as with the one, the others as with the other.
  ...(isLong ? [{ retain: 5 }] : []),
])('a pool that is used for long and flushed does not grow: $retain', async (options) => {
  const pool = taskPool({ ...options, poolSize: 10, journal: { size: 4096 } });
  for (let round = 0; round < FIRST; round += 1) await doRound(pool, round);
  await growsLessThan(NOISE, async () => {
    const growth = new Growth();
    await growth.begin();
    for (let round = 0; round < ROUNDS; round += 1) {
      await doRound(pool, round);
      await growth.look();
    }
    return growth.slope;
  });
  expect(pool.totals.created).toBeGreaterThan(ROUNDS * 1.4 * ITEMS);
});

test('a simple pool that starts and stops for long does not grow', async () => {
  const pool = simplePool(untilAborted, [], { retain: 'none', journal: { size: 1000 } });
  const startAndStop = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) {
      pool.start(20);
      await turn();
      pool.stop(20);
      await pool.untilIdle();
    }
  };
  for (let round = 0; round < FIRST; round += 1) await startAndStop();
  await growsLessThan(NOISE, async () => {
    const growth = new Growth();
    await growth.begin();
    for (let round = 0; round < ROUNDS; round += 1) {
      await startAndStop();
      await growth.look();
    }
    return growth.slope;
  });
  expect(pool.totals.cancelled).toBeGreaterThanOrEqual(200 * (FIRST + ROUNDS));
});
