import { describe, expect, test } from 'vitest';
import type { PoolOptions } from 'xstate-taskpool';
import { simulate } from 'xstate-taskpool/simulate';
import { given, SimulatedClock } from 'xstate-taskpool/testing';
import { taskPool } from '../../support/pools.ts';

function recording(options: PoolOptions) {
  const clock = new SimulatedClock(1_000_000);
  const pool = taskPool({ clock, ...options });
  return { clock, pool, sleep: (ms: number) => clock.sleep(ms) };
}

const ALL = { numConcurrent: Number.POSITIVE_INFINITY };

const ERROR = { name: 'Error', message: 'busy', stack: 'Error: busy' };

const MAP = {
  type: 'group.created',
  group: 'g',
  method: 'map',
  functionName: 'f',
  numConcurrent: null,
} as const;

describe('simulate', () => {
  test('gives the same figures for the same settings', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 2 });
    const one = pool.map(sleep, [300, 100, 200, 400], { ...ALL, groupName: 'one' });
    const two = pool.map(sleep, [50, 50, 50], { numConcurrent: 1, groupName: 'two' });
    await clock.until(Promise.all([one.results(), two.results()]));
    const { recorded, simulated, leftOut } = await simulate(pool.journal);
    expect(simulated).toEqual(recorded);
    expect(leftOut).toBe(0);
    expect(recorded).toMatchObject({ tasks: 7, groups: { one: { tasks: 4 }, two: { tasks: 3 } } });
    expect(recorded.utilisation).toBeCloseTo(1_150 / (2 * recorded.makespan), 10);
  });

  test('says what another size would have done', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 1 });
    await clock.until(pool.map(sleep, Array<number>(10).fill(100)).results());
    const { recorded, simulated } = await simulate(pool.journal, { poolSize: 5 });
    expect(recorded).toMatchObject({
      makespan: 1_000,
      utilisation: 1,
      waiting: { p50: 400, p95: 900 },
    });
    expect(simulated).toMatchObject({
      makespan: 200,
      utilisation: 1,
      waiting: { p50: 0, p95: 100 },
    });
  });

  test('says what another numConcurrent would have done', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 8 });
    await clock.until(pool.map(sleep, Array<number>(8).fill(100), { numConcurrent: 2 }).results());
    const { recorded, simulated } = await simulate(pool.journal, { numConcurrent: 4 });
    expect([recorded.makespan, simulated.makespan]).toEqual([400, 200]);
  });

  test('keeps to the limits that were recorded, or to others', async () => {
    const { clock, pool } = recording({ limits: { host: { concurrent: 1 } } });
    const work = (_: string) => clock.sleep(100);
    const keys = ['a', 'b', 'a', 'b', 'a', 'b'];
    const group = pool.map(work, keys, {
      ...ALL,
      limits: { host: (key: string) => key } as object,
    });
    await clock.until(group.results());
    const same = await simulate(pool.journal);
    expect([same.recorded.makespan, same.simulated.makespan]).toEqual([300, 300]);
    const wider = await simulate(pool.journal, { limits: { host: { concurrent: 3 } } });
    expect(wider.simulated.makespan).toBe(100);
    const rate = { rate: { max: 1, per: 1_000 } };
    expect((await simulate(pool.journal, { limits: { host: rate } })).simulated.makespan).toBe(
      2_100,
    );
    await expect(simulate(pool.journal, { limits: { hosts: rate } })).rejects.toThrow(
      "expected a limit of the recorded pool, got 'hosts': it has host",
    );
  });

  test('has failed attempts again, after the delays that were', async () => {
    const { clock, pool } = recording({ poolSize: 1 });
    let calls = 0;
    const flaky = async () => {
      await clock.sleep(100);
      if (++calls < 3) throw new Error('busy');
    };
    await clock.until(
      pool.apply(flaky, [], { retry: { limit: 5, delay: 200, factor: 2 } }).results(),
    );
    const { recorded, simulated } = await simulate(pool.journal);
    expect(recorded).toMatchObject({ tasks: 1, makespan: 900 });
    expect(simulated).toEqual(recorded);
  });

  test('has them again when they were queued again, late as timers are on a busy machine', async () => {
    const journal = given([
      { type: 'pool.created', kind: 'TaskPool', poolSize: 1, retain: 'all' },
      { ...MAP, planned: 1 },
      { type: 'task.queued', id: 0, group: 'g', index: 0 },
      { type: 'task.started', id: 0 },
      { type: 'task.failed', id: 0, attempt: 1, error: ERROR, retryAt: 200, at: 100 },
      { type: 'task.requeued', id: 0, at: 260 },
      { type: 'task.started', id: 0 },
      { type: 'task.ended', id: 0, group: 'g', attempt: 2, outcome: 'fulfilled', at: 360 },
    ]);
    const { recorded, simulated } = await simulate(journal);
    expect(recorded.makespan).toBe(360);
    expect(simulated).toEqual(recorded);
  });

  test('has none again that was cancelled between two attempts', async () => {
    const { clock, pool } = recording({ poolSize: 1 });
    const fail = async () => {
      await clock.sleep(100);
      throw new Error('busy');
    };
    const group = pool.apply(fail, [], { retry: { limit: 5, delay: 5_000 } });
    await clock.until(clock.sleep(300));
    group.cancel();
    await clock.until(group.settled());
    const { recorded, simulated } = await simulate(pool.journal);
    expect(recorded).toMatchObject({ tasks: 1, utilisation: 1 / 3 });
    // It ended with its attempt: no slot was needed for anything after that.
    expect(simulated).toMatchObject({ tasks: 1, makespan: 100 });
  });

  test('lets submissions and items of open sources come when they came', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 1 });
    const arriving = (async function* () {
      for (const ms of [100, 500]) {
        await clock.sleep(ms);
        yield 50;
      }
    })();
    const group = pool.map(sleep, arriving, { groupName: 'open' });
    void clock.sleep(300).then(() => pool.submit(sleep, [70], { groupName: 'one' }));
    await clock.until(group.settled());
    const { recorded, simulated } = await simulate(pool.journal, { poolSize: 50 });
    expect(recorded.groups).toMatchObject({ open: { makespan: 550 }, one: { makespan: 70 } });
    // Items come a microsecond early.
    expect(simulated.makespan).toBeCloseTo(recorded.makespan, 2);
  });

  test('changes the priority of a group when it was changed', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 1 });
    const first = pool.map(sleep, [100, 100, 100], { groupName: 'first' });
    const other = pool.map(sleep, [100, 100, 100], { groupName: 'other', priority: -1 });
    await clock.pass(150);
    other.priority = 1;
    await clock.until(Promise.all([first.settled(), other.settled()]));
    const { recorded, simulated } = await simulate(pool.journal);
    expect(recorded.groups).toMatchObject({ first: { makespan: 600 }, other: { makespan: 500 } });
    expect(simulated).toEqual(recorded);
  });

  test('changes the priority of a task and of a submission when it was changed', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 1, limits: { key: { concurrent: 1 } } });
    const settings = { groupName: 'tasks', limits: { key: true } as object };
    const tasks = pool.map(sleep, [100, 100, 300], { ...ALL, ...settings, lookahead: 3 });
    await clock.pass(50);
    const submitted = [70, 80, 90].map((ms) => pool.submit(sleep, [ms], { groupName: 'calls' }));
    await clock.pass(10);
    pool.setPriority(2, 5);
    pool.setPriority(pool.group('calls').ids.values().next().value!, -1);
    await clock.until(Promise.all([tasks.settled(), ...submitted]));
    const { recorded, simulated } = await simulate(pool.journal);
    const [second = 0, third = 0] = [1, 2].map((id) => pool.task(id).startedAt);
    expect(third).toBeLessThan(second);
    expect(simulated).toEqual(recorded);
  });

  test('ends although the recording ends with what lets nothing start', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 4, limits: { key: { concurrent: 4 } } });
    const group = pool.map(sleep, [100, 100, 100, 100], { limits: { key: true } as object });
    await clock.pass(50);
    pool.pause();
    group.pause();
    pool.poolSize = 0;
    pool.limits['key' as never]['concurrent' as never] = 0 as never;
    await clock.pass(200);
    const { recorded, simulated } = await simulate(pool.journal, { numConcurrent: 1 });
    expect(recorded).toMatchObject({ tasks: 4, makespan: 100 });
    expect(simulated.tasks).toBe(4);
    expect(simulated.makespan).toBeGreaterThanOrEqual(400);
  });

  test('holds a slot for as long as it was held: elsewhere a call waits before it runs', async () => {
    const journal = given([
      { type: 'pool.created', kind: 'TaskPool', poolSize: 1, retain: 'all' },
      { ...MAP, planned: 2 },
      { type: 'task.queued', id: 0, group: 'g', index: 0 },
      { type: 'task.started', id: 0 },
      { type: 'task.placed', id: 0, by: 'worker', at: 400 },
      {
        type: 'task.ended',
        id: 0,
        group: 'g',
        attempt: 1,
        outcome: 'fulfilled',
        ran: 100,
        at: 500,
      },
      { type: 'task.queued', id: 1, group: 'g', index: 1 },
      { type: 'task.started', id: 1 },
      {
        type: 'task.ended',
        id: 1,
        group: 'g',
        attempt: 1,
        outcome: 'fulfilled',
        ran: 100,
        at: 600,
      },
    ]);
    const { recorded, simulated } = await simulate(journal);
    expect(recorded).toMatchObject({ makespan: 600, utilisation: 1 });
    expect(simulated).toEqual(recorded);
  });

  test('runs again what a dying process interrupted, and keeps to a limit that the next one has added', async () => {
    const journal = given([
      { type: 'pool.created', kind: 'TaskPool', poolSize: 1, retain: 'all' },
      { ...MAP, planned: 2, limits: { key: 'a' } },
      { type: 'task.queued', id: 0, group: 'g', index: 0 },
      { type: 'task.started', id: 0 },
      { type: 'pool.resized', poolSize: 2, at: 300 },
      { type: 'pool.recovered', at: 9_000 },
      { type: 'limit.changed', limit: 'key', concurrent: 1, rate: null },
      { type: 'task.interrupted', id: 0 },
      { type: 'task.started', id: 0 },
      { type: 'task.ended', id: 0, group: 'g', attempt: 2, outcome: 'fulfilled', at: 9_100 },
      { type: 'task.queued', id: 1, group: 'g', index: 1 },
      { type: 'task.started', id: 1 },
      { type: 'task.ended', id: 1, group: 'g', attempt: 1, outcome: 'fulfilled', at: 9_200 },
    ] as never);
    const { recorded, simulated } = await simulate(journal);
    expect(recorded).toMatchObject({ tasks: 2, makespan: 500 });
    expect(simulated.makespan).toBe(500);
  });

  test('lets what waits gain on what comes later, where that is said', async () => {
    const aging = 10;
    const { clock, pool, sleep } = recording({ poolSize: 1, aging });
    const low = pool.map(sleep, [100, 100], { groupName: 'low' });
    await clock.pass(50);
    const high = pool.map(sleep, [100, 100], { groupName: 'high', priority: 2 });
    await clock.until(Promise.all([low.settled(), high.settled()]));
    const { recorded, simulated } = await simulate(pool.journal, { aging });
    expect(simulated).toEqual(recorded);
    const without = await simulate(pool.journal);
    expect(without.simulated.groups['high']).toMatchObject({ makespan: 250 });
    expect(recorded.groups['high']).toMatchObject({ makespan: 350 });
  });

  test('does again what was done to the pool, unless it is told otherwise', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 1 });
    const done = pool.map(sleep, Array<number>(8).fill(100), ALL).results();
    await clock.pass(150);
    pool.poolSize = 4;
    await clock.pass(60);
    pool.pause();
    await clock.pass(1_000);
    pool.resume();
    await clock.until(done);
    const { recorded, simulated } = await simulate(pool.journal);
    expect(simulated).toEqual(recorded);
    expect(recorded.makespan).toBeGreaterThan(1_000);
  });

  test('leaves out what has not ended, and takes a store, batch by batch', async () => {
    const { clock, pool, sleep } = recording({ poolSize: 1 });
    pool.map(sleep, [100, 100, 100], ALL);
    await clock.pass(150);
    pool.cancelQueued();
    const store = given(pool.journal.events());
    const { recorded, leftOut } = await simulate(store.read());
    expect([recorded.tasks, leftOut]).toEqual([1, 2]);
  });

  test('leaves out the time between the death of a process and the next one', async () => {
    const journal = given([
      { type: 'pool.created', kind: 'TaskPool', poolSize: 1, retain: 'all' },
      {
        type: 'group.created',
        group: 'g',
        method: 'map',
        functionName: 'f',
        numConcurrent: 1,
        planned: 1,
      },
      { type: 'task.queued', id: 0, group: 'g', index: 0 },
      { type: 'task.started', id: 0, at: 100 },
      { type: 'pool.recovered', at: 1_000_000 },
      { type: 'task.interrupted', id: 0 },
      { type: 'task.started', id: 0, at: 1_000_050 },
      { type: 'task.ended', id: 0, outcome: 'fulfilled', at: 1_000_250 },
    ]);
    const { recorded } = await simulate(journal);
    expect(recorded.makespan).toBe(350);
  });

  test('refuses events that begin in the middle, and invalid options', async () => {
    const { pool } = recording({});
    pool.lock();
    const [, second] = pool.journal.events();
    await expect(simulate([second!])).rejects.toThrow('from its first one on, got pool.locked');
    await expect(simulate(pool.journal, { poolSize: 0 })).rejects.toThrow('poolSize');
    await expect(simulate(pool.journal, { size: 3 } as object)).rejects.toThrow("'poolSize'");
    expect((await simulate(pool.journal)).simulated).toMatchObject({ tasks: 0, makespan: 0 });
  });
});
