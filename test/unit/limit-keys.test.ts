/** Keys of limits come and go: none is remembered too long, or forgotten too soon. */

import { expect, test } from 'vitest';
import { checkpointOf, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { Limit } from '../../src/pool/admission/limit.ts';
import { processorTime, staysBelow } from '../support/cost.ts';
import { Log } from '../support/pools.ts';

const logger = new Log();

test('a key that was paused is forgotten once another one is paused after that', async () => {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger, clock });
  for (let n = 0; n < 100; n++) {
    pool.limits.host.pause(n, 1000);
    await clock.pass(500);
  }
  expect(checkpointOf([...pool.journal]).limitKeys).toMatchObject([{ key: 98 }, { key: 99 }]);
  pool.limits.host.pause(99, 0);
  await clock.pass(2000);
  pool.limits.host.pause('last', 1);
  expect(checkpointOf([...pool.journal]).limitKeys).toMatchObject([{ key: 'last' }]);
  await pool.gatherAndClose();
});

test('a key that is dropped a second time does not take one in use along', async () => {
  const clock = new SimulatedClock();
  const limits = { host: { concurrent: 1, rate: { max: 9, per: 1000 } } };
  const pool = new TaskPool({ limits, logger, clock });
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await clock.sleep(10);
    running--;
  };
  const submit = () => void pool.submit(work, [], { limits: { host: 'a' } });
  submit();
  await clock.pass(10);
  // It is remembered for its rate. Without one it is dropped as soon as nobody uses it.
  pool.limits.host.rate = undefined;
  submit();
  await clock.pass(10);
  submit();
  await clock.pass(5);
  // Whatever else is dropped now, it is in use.
  pool.limits.host.pause('b', 0);
  submit();
  await clock.pass(100);
  expect(most).toBe(1);
  await pool.gatherAndClose();
});

test('keys that no one uses are let go while others are used, one of them all the time', () => {
  const limit = new Limit('host', { concurrent: null, rate: { max: 5, per: 1000 } });
  const use = (value: number, at: number) => {
    const key = limit.key(value);
    key.start(at);
    limit.release(key, () => at);
  };
  for (let n = 0; n < 1000; n++) use(n, 0);
  limit.key(0).pausedUntil = 60_000;
  expect(limit.keys.size).toBe(1000);
  const hot = limit.key(-1);
  hot.uses = 2;
  for (let ended = 0; ended < 8; ended++) limit.dropPast(() => 2000);
  expect([...limit.keys.keys()]).toEqual([0, -1]);
  // Without a rate nothing counts any more, but what is paused is.
  for (let n = 1; n < 10; n++) use(n, 3000);
  limit.change({ concurrent: 1, rate: null }, 3000);
  limit.dropPast(() => 3000);
  expect([...limit.keys.keys()]).toEqual([0, -1]);
});

test('a key costs the same however many are remembered', async () => {
  const costOf = async (count: number) => {
    const pool = new TaskPool({ limits: { host: {} }, logger });
    const pauseAll = (ms: number) => {
      for (let n = 0; n < count; n++) pool.limits.host.pause(n, ms);
    };
    pauseAll(3_600_000);
    const cost = await processorTime(() => pauseAll(0));
    await pool.gatherAndClose();
    return cost / count;
  };
  await costOf(2_000);
  // To go past all that were taken out made it seven times as long, and more for more.
  await staysBelow(4, 'times as much for each of ten times as many', async () => {
    const few = await costOf(2_000);
    return (await costOf(20_000)) / few;
  });
});

test('a key of a group is checked at the call; one that is undefined is none', async () => {
  const pool = new TaskPool({
    logger,
    limits: { host: { concurrent: 1 }, all: { concurrent: 1 } },
  });
  const work = async (n: number) => n;
  const limits = (host: unknown, all?: unknown) => ({ limits: { host, all } as object });
  expect(() => pool.map(work, [1], limits({}))).toThrow(/limits\.host to be .*, got/);
  expect(() => pool.map(work, [1], limits(undefined, null))).toThrow(/limits\.all to be .*, got/);
  expect(await pool.map(work, [1, 2], limits(undefined)).results()).toEqual([1, 2]);
  expect(await pool.map(work, [1, 2], limits(undefined, 'a')).results()).toEqual([1, 2]);
});
