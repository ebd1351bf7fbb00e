/** The ends of attempts, for what measures or traces them. */

import { expect, test } from 'vitest';
import { type AttemptEvent, attemptEnds } from 'xstate-taskpool';
import { Log, taskPool, turn, untilAborted } from '../support/pools.ts';

/** A reader that notes what it is given. */
function noting() {
  const seen: (number | string)[] = [];
  const reader = {
    fulfilled: (id: number) => void seen.push(id),
    other: ({ type }: AttemptEvent) => void seen.push(type),
  };
  return { seen, reader };
}

test('are given in their order to each reader, until it ends its subscription', async () => {
  const pool = taskPool();
  const [one, two] = [noting(), noting()];
  const end = attemptEnds(pool, one.reader);
  attemptEnds(pool, two.reader);
  await pool.apply(() => 1).results();
  const failing = pool.apply(() => Promise.reject(new Error('no')), [], {
    retry: { limit: 1, delay: 1, jitter: 'none' },
  });
  await failing.settled();
  const before = [0, 'task.failed', 'task.ended'];
  expect([one.seen, two.seen]).toEqual([before, before]);
  end();
  const cancelled = pool.apply(untilAborted);
  await turn();
  cancelled.cancel();
  await cancelled.settled();
  await pool.apply(() => 2).results();
  expect(one.seen).toEqual(before);
  expect(two.seen.slice(0, 3)).toEqual(before);
  expect(two.seen.slice(-2)).toEqual(['task.ended', 3]);
  await pool.gatherAndClose();
});

test('a reader that throws is logged, and gets the next ones, as others do', async () => {
  const logger = new Log();
  const pool = taskPool({ logger });
  const error = new Error('cannot read');
  attemptEnds(pool, {
    fulfilled: () => {
      throw error;
    },
    other: () => {},
  });
  const { seen, reader } = noting();
  attemptEnds(pool, reader);
  await pool.map((n: number) => n, [1, 2]).results();
  expect(seen).toEqual([0, 1]);
  expect(logger.lines).toEqual(Array(2).fill(['passing on the end of an attempt failed', error]));
});

test('a subscriber that ends the subscription has got everything until then', async () => {
  const pool = taskPool();
  const { seen, reader } = noting();
  const end = attemptEnds(pool, reader);
  let before = -1;
  pool.on('task.ended', ({ id }) => {
    if (id !== 1) return;
    end();
    before = seen.length;
  });
  await pool.map((n: number) => n, [1, 2, 3], { numConcurrent: 1 }).results();
  expect(before).toBe(2);
  expect(seen).toEqual([0, 1]);
});
