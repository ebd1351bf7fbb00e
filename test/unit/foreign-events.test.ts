/** Events that nobody would call a journal: lists that are empty, cut off, out of order, or of something else. */

import { describe, expect, test } from 'vitest';
import {
  capture,
  checkpointOf,
  explainState,
  joinCheckpoint,
  MemoryStore,
  type PoolCheckpoint,
  type PoolEvent,
  project,
  rebuildFrom,
  rebuilding,
  replay,
  splitCheckpoint,
  storedEvents,
  waitingSubmissions,
} from 'xstate-taskpool';
import { simulate } from 'xstate-taskpool/simulate';
import { given, SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool } from '../support/pools.ts';

async function recorded(): Promise<readonly PoolEvent[]> {
  const clock = new SimulatedClock(1_000);
  const pool = taskPool({ poolSize: 2, clock });
  await clock.until(pool.map(() => clock.sleep(1_000), [1, 2, 3]).results());
  return [...pool.journal];
}

const events = await recorded();
const [created, second] = events as readonly [PoolEvent, PoolEvent];
const NOTHING = { tasks: 0, makespan: 0 };

/** What one call or another would have to be given in place of events. */
const NO_EVENTS: readonly unknown[] = [null, undefined, 1, 'x', {}];
const without = (fields: object) =>
  events.map((event, seq) => (seq === 1 ? { ...event, ...fields } : event));

const IMPOSSIBLE: Readonly<Record<string, readonly PoolEvent[]>> = {
  'in reverse': [created, ...events.slice(1).reverse()],
  'with a first event that comes twice': [created, created],
  'with a gap': [created, ...events.slice(2)],
  'of a version that there is not': [{ ...created, v: 99 } as unknown as PoolEvent],
  'with a time that is no number': without({ at: Number.NaN }) as PoolEvent[],
  'with a time that never comes': without({ at: Number.POSITIVE_INFINITY }) as PoolEvent[],
  'with a time that is a text': without({ at: '1' }) as unknown as PoolEvent[],
  'without a time': without({ at: undefined }) as unknown as PoolEvent[],
  'of a type that there is not': without({ type: 'nothing' }) as unknown as PoolEvent[],
};

describe.each([
  ['simulate', (list: readonly PoolEvent[]) => simulate(list)],
  ['replay', async (list: readonly PoolEvent[]) => replay(list)],
  ['checkpointOf', async (list: readonly PoolEvent[]) => checkpointOf(list)],
  ['a store', async (list: readonly PoolEvent[]) => new MemoryStore().append(list)],
])('%s', (what, take) => {
  test.each(Object.entries(IMPOSSIBLE))('refuses events %s', async (_, list) => {
    await expect(take(list)).rejects.toThrow(/expected/);
  });

  test.each(NO_EVENTS)('refuses %s as an event', async (event) => {
    await expect(take([event as PoolEvent])).rejects.toThrow(/expected/);
    await expect(take([created, event as PoolEvent])).rejects.toThrow(/expected/);
  });

  test('takes events that stop anywhere', async () => {
    for (let length = 1; length <= events.length; length++) {
      await expect(take(events.slice(0, length))).resolves.not.toThrow();
    }
  });

  test(`${what} of no events settles`, async () => {
    const [{ status }] = await Promise.allSettled([take([])]);
    expect(status).toBe(what === 'replay' || what === 'checkpointOf' ? 'rejected' : 'fulfilled');
  });
});

describe('simulate', () => {
  test.each([
    ['a list', []],
    ['a list of batches', [[], []]],
    ['a generator', (async function* () {})()],
    ['a store', new MemoryStore().read()],
    ['the journal of a pool that has done nothing', [created]],
  ])('of nothing, as %s, is nothing', async (_, nothing) => {
    const { recorded: was, simulated } = await simulate(nothing, { poolSize: 3 });
    expect([was, simulated]).toMatchObject([NOTHING, NOTHING]);
  });

  test('no time passes while a clock is set back', async () => {
    const back = events.map((event) => ({ ...event, at: event.at - event.seq * 10_000 }));
    const { recorded: was, simulated } = await simulate(back);
    expect(was).toMatchObject({ tasks: 3, waiting: { p50: 0 } });
    expect(simulated.tasks).toBe(3);
  });
});

describe('a simulated clock', () => {
  test('has no sleep of a length that is none', () => {
    const clock = new SimulatedClock();
    expect(() => clock.sleep(Number.NaN)).toThrow(TypeError);
    expect(() => clock.sleep('1' as unknown as number)).toThrow(TypeError);
  });

  test('does not come to what is never due', async () => {
    const clock = new SimulatedClock();
    await expect(clock.until(clock.sleep(Number.POSITIVE_INFINITY))).rejects.toThrow(
      'nothing more',
    );
    expect(clock.now()).toBe(0);
    let has = false;
    clock.setTimeout(() => {
      has = true;
    }, Number.NaN);
    await clock.pass(0);
    expect(has).toBe(true);
  });
});

describe('project', () => {
  test.each(NO_EVENTS)('refuses %s as what it is of, and as a projection', (what) => {
    expect(() => project(what as MemoryStore, rebuilding)).toThrow(/expected source/);
    expect(() => project(given([]), what as typeof rebuilding)).toThrow(/expected projection/);
  });

  test('refuses options that there are not, or that mean nothing', () => {
    expect(() => project(given([]), rebuilding, { until: Number.NaN })).toThrow(RangeError);
    expect(() => project(given([]), rebuilding, { to: 1 } as object)).toThrow(/until/);
    expect(() => replay(events, { until: Number.NaN })).toThrow(RangeError);
    expect(() => replay([], { from: null as unknown as PoolCheckpoint })).toThrow(/checkpoint/);
  });

  test('of an empty store is what it was at first', async () => {
    expect((await project(new MemoryStore(), rebuilding)).seq).toBe(-1);
    expect((await project(given([]), rebuilding)).seq).toBe(0);
  });
});

test.each(NO_EVENTS)('%s is neither a pool, a checkpoint nor an event', async (what) => {
  const calls: readonly ((value: never) => unknown)[] = [
    capture,
    storedEvents,
    (value) => waitingSubmissions(value, 'g'),
    (value) => explainState(value, 0, 0),
    (value) => rebuilding.apply(rebuilding.initial(), value),
    (value) => joinCheckpoint([value]).seq.toFixed(),
    (value) => [...splitCheckpoint(value)].map(({ seq }) => (seq as number).toFixed()),
  ];
  for (const call of calls) expect(() => call(what as never)).toThrow(TypeError);
  if (what !== undefined) await expect(rebuildFrom(what as never)).rejects.toThrow(/checkpoint/);
});

test('events that say less than they should are refused with what is missing', () => {
  expect(() => given([null as never])).toThrow(/expected an event/);
  expect(() => given([{ type: 'pool.closing', at: Number.NaN }])).toThrow(/finite/);
  expect(() => replay([created, { ...second, group: 1 } as never])).toThrow(/expected group of/);
});
