/** Memory is bounded by what runs and what is retained, however much is done and for how long. */

import { expect, test } from 'vitest';
import type { TaskContext } from 'xstate-taskpool';
import { Growth, growsLessThan } from '../support/growth.ts';
import { isLong } from '../support/length.ts';
import { taskPool } from '../support/pools.ts';

/** `npm run test:long` makes it ten times as long. */
const TIMES = isLong ? 10 : 1;
/** How often a test looks: each look collects all garbage, twice. */
const LOOKS = isLong ? 10 : 5;
const thousands = (n: number) => `${n},000`;

function* upTo(end: number) {
  for (let i = 0; i < end; i += 1) yield { i, text: `item ${i}` };
}

test('growth is seen', async () => {
  const growth = new Growth();
  const kept: unknown[] = [];
  await growth.begin();
  for (let round = 0; round < LOOKS; round += 1) {
    kept.push(Array.from({ length: 20_000 }, (_, i) => [i]));
    await growth.look();
  }
  expect(growth.slope).toBeGreaterThan(0.3);
  expect(growth.most).toBeGreaterThan(2);
  expect(kept).toHaveLength(LOOKS);
});

/** What is compiled and cached when it is first used, 3 MB of it, is no growth. */
const WARM_UP = 3000;

const ITEMS = 30_000 * TIMES;
test(`${thousands(30 * TIMES)} items of a generator, results dropped`, async () => {
  // Less than 16 bytes for each item.
  await growsLessThan(isLong ? 2 : 0.48, async () => {
    const growth = new Growth();
    const pool = taskPool({ retain: 'none', journal: { size: 1000 } });
    pool.map(async (item) => item, upTo(WARM_UP), { numConcurrent: 100 });
    await pool.untilIdle();
    await growth.begin();
    const work = async ({ i }: { i: number }) => {
      if (i % (ITEMS / LOOKS) === 0) await growth.look();
      return { i };
    };
    pool.map(work, upTo(ITEMS), { numConcurrent: 100 });
    await pool.gatherAndClose();

    expect(pool.totals.fulfilled).toBe(WARM_UP + ITEMS);
    expect(growth.points).toHaveLength(LOOKS);
    return growth.most;
  });
});

const TASKS = 25_000 * TIMES;
test(`${thousands(25 * TIMES)} tasks of one call that runs a few at a time`, async () => {
  await growsLessThan(isLong ? 2 : 0.5, async () => {
    const growth = new Growth();
    const pool = taskPool({ poolSize: 10, retain: 'none', journal: { size: 1000 } });
    pool.apply(async () => {}, [], { num: WARM_UP });
    await pool.untilIdle();
    await growth.begin();
    let calls = 0;
    const work = async () => {
      if (calls++ % (TASKS / LOOKS) === 0) await growth.look();
    };
    pool.apply(work, [], { num: TASKS });
    await pool.gatherAndClose();

    expect([calls, growth.points.length]).toEqual([TASKS, LOOKS]);
    return growth.most;
  });
});

const LIMITED = isLong ? 100_000 : 5_000;
test(`${thousands(LIMITED / 1000)} tasks with limits in time and further attempts leave nothing behind`, async () => {
  const armed = new Set<unknown>();
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimeout: (run: () => void, ms: number) => {
      const id = setTimeout(() => {
        armed.delete(id);
        run();
      }, ms);
      armed.add(id);
      return id;
    },
    clearTimeout: (id: unknown) => {
      armed.delete(id);
      clearTimeout(id as NodeJS.Timeout);
    },
  };
  await growsLessThan(isLong ? 3 : 1, async () => {
    const growth = new Growth();
    const pool = taskPool({ retain: 'none', journal: { size: 1000 }, clock });
    await growth.begin();
    const work = async ({ i }: { i: number }, { attempt, signal }: TaskContext) => {
      if (i % (LIMITED / LOOKS) === 0 && attempt === 1) await growth.look();
      else if (i % 10 === 0 && attempt === 1) throw new Error('once');
      signal.addEventListener('abort', () => {});
    };
    pool.map(work, upTo(LIMITED), {
      numConcurrent: 100,
      timeout: 60_000,
      waitTimeout: 60_000,
      deadline: 600_000,
      retry: { limit: 1, delay: 1 },
    });
    await pool.gatherAndClose();

    expect(pool.totals.fulfilled).toBe(LIMITED);
    expect(pool.totals.started).toBeGreaterThan(LIMITED);
    expect(armed.size).toBe(0);
    await growth.look();
    return growth.most;
  });
});

test('the journal takes what its size says, and no more', async () => {
  // 8,192 events of 33 bytes: once it is full, it does not grow.
  await growsLessThan(0.8, async () => {
    const growth = new Growth();
    const pool = taskPool({ retain: 'none', journal: { size: 8_192 } });
    const round = () => pool.map(async () => 1, upTo(5_000), { numConcurrent: 100 }).settled();
    await round();
    await growth.begin();
    for (let rounds = 0; rounds < 4; rounds += 1) {
      await round();
      await growth.look();
    }
    expect(pool.journal.nextSeq).toBeGreaterThan(7 * pool.journal.size);
    expect([...pool.journal][0]?.type).toMatch(/^task/);
    return growth.most;
  });
});
