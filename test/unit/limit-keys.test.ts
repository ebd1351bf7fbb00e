/** Keys of limits come and go: none is remembered too long, or forgotten too soon. */

import { expect, test } from 'vitest';
import { checkpointOf, TaskPool } from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { LimitRecords } from '../../src/machines/limit-records.ts';
import type { LimitedTask } from '../../src/pool/admission/key.ts';
import { Limit } from '../../src/pool/admission/limit.ts';
import { Limits } from '../../src/pool/admission/limits.ts';
import type { Turn } from '../../src/pool/turn/turn.ts';
import { processorTime, staysBelow } from '../support/cost.ts';
import { eventsOf } from '../support/observing.ts';
import { Log, taskPool, turn, untilAborted } from '../support/pools.ts';

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
    key.numUncalled++;
    key.called(() => at);
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

test('a key is in use from the claim of a task to its end, and counts it while it runs', () => {
  const { limits, task } = bareLimits();
  const [first, second] = [task(), task()];
  limits.claim(first, { host: 'a' });
  limits.claim(second, { host: 'a' });
  const [key] = limits.get('host')?.keys.values() ?? [];
  expect(first.keys).toEqual([key]);
  expect(second.keys).toBe(first.keys);
  limits.start(first);
  limits.start(second);
  expect([key?.uses, key?.running]).toEqual([2, 2]);
  limits.stop(first);
  // As its events may say it once more.
  limits.stop(first);
  expect([key?.uses, key?.running]).toEqual([2, 1]);
  limits.release(first);
  expect(limits.get('host')?.keys.size).toBe(1);
  limits.stop(second);
  limits.release(second);
  expect(limits.get('host')?.keys.size).toBe(0);
});

test('tasks that need the same single key share their notes, others have their own', () => {
  const { limits, task } = bareLimits();
  const one = { host: 'a' };
  const both = { host: 'a', all: 1 };
  expect(limits.claim(task(), one)).toEqual({ keys: one });
  expect(limits.claim(task(), { ...one }).keys).toBe(one);
  expect(limits.claim(task(), both).keys).toBe(both);
  expect(limits.claim(task(), { ...both }).keys).not.toBe(both);
  expect(limits.get('host')?.keys.size).toBe(1);
  expect(limits.get('all')?.keys.size).toBe(1);
});

test('a key that is paused and that no task needs is kept until the pause is over', () => {
  const { limits, task, time } = bareLimits();
  limits.pause('host', 'a', 100);
  const other = task();
  limits.claim(other, { host: 'b' });
  limits.pause('host', 'b', 0);
  expect([...(limits.get('host')?.keys.keys() ?? [])]).toEqual(['a', 'b']);
  time.elapsed = 200;
  limits.release(other);
  limits.pause('host', 'c', 0);
  expect([...(limits.get('host')?.keys.keys() ?? [])]).toEqual([]);
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

test('tasks that wait for different keys are cancelled in the order of creation', async () => {
  const pool = taskPool({ limits: { host: { concurrent: 1 } } });
  const keys = ['a', 'a', 'b', 'a', 'b', 'a'];
  const limits = { host: (key: string) => key };
  const group = pool.map(untilAborted, keys, { numConcurrent: 6, lookahead: 6, limits });
  await turn();
  group.cancel();
  const cancelled = eventsOf(pool, 'task.cancelled');
  expect(cancelled).toMatchObject([1, 3, 4, 5].map((id) => ({ id })));
  await pool.gatherAndClose({ returnExceptions: true });
});

/** Limits of no pool, whose time a test sets, and tasks of no group. */
function bareLimits() {
  const time = { elapsed: 0 };
  const turn = {
    get elapsed() {
      return time.elapsed;
    },
    renew() {},
    schedule() {},
    cancel() {},
    after: () => undefined,
  };
  const numbers = { concurrent: 3, rate: null };
  const records = new LimitRecords({ host: numbers, all: numbers });
  const groups = { admits: () => true, offer() {} };
  const limits = new Limits(groups, turn as unknown as Turn, records);
  const task = () => ({ keys: undefined, holdsKeys: false, group: {} }) as unknown as LimitedTask;
  return { limits, task, time };
}
