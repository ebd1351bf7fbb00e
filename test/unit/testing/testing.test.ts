import { describe, expect, test } from 'vitest';
import { replay, type TaskContext } from 'xstate-taskpool';
import { recoverTaskPool } from 'xstate-taskpool/recovery';
import { Gates, given, SimulatedClock } from 'xstate-taskpool/testing';
import { Log, taskPool } from '../../support/pools.ts';

describe('SimulatedClock', () => {
  test('lets everything happen at its time, and promise jobs in between', async () => {
    const clock = new SimulatedClock(5);
    const seen: [string, number][] = [];
    const see = (what: string) => seen.push([what, clock.now()]);
    void (async () => {
      await clock.sleep(10);
      see('first');
      await clock.sleep(10);
      see('second');
    })();
    clock.setTimeout(() => see('timer'), 15);
    const cancelled = clock.setTimeout(() => see('never'), 1);
    clock.clearTimeout(cancelled);
    await clock.pass(100);
    expect(seen).toEqual([
      ['first', 15],
      ['timer', 20],
      ['second', 25],
    ]);
    expect(clock.now()).toBe(105);
  });

  test('stands still while tasks keep the thread busy, however slow they are', async () => {
    const clock = new SimulatedClock();
    const pool = taskPool({ clock, poolSize: 1 });
    const times: number[] = [];
    const keepBusy = () => {
      for (const end = performance.now() + 3; performance.now() < end; );
      times.push(clock.now());
    };
    pool.apply(keepBusy, [], { num: 30 });
    clock.setTimeout(() => {}, 1);
    await clock.pass(5);
    expect(times).toEqual(Array(30).fill(0));
  });

  test('passes until a promise settles, and no longer', async () => {
    const clock = new SimulatedClock();
    void clock.sleep(5_000);
    expect(await clock.until(clock.sleep(1_000).then(() => 'done'))).toBe('done');
    expect(clock.now()).toBe(1_000);
    await expect(clock.until(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  test('says that nothing is due any more', async () => {
    const clock = new SimulatedClock();
    await expect(clock.until(new Promise(() => {}))).rejects.toThrow(
      'expected the promise to settle, got nothing more that is due',
    );
  });

  test('sleeps until a signal aborts: the context of a task is one', async () => {
    const clock = new SimulatedClock();
    const pool = taskPool({ clock });
    const group = pool.apply((context: TaskContext) => clock.sleep(1e9, context), [], {
      timeout: 60_000,
    });
    await clock.pass(60_000);
    expect(await group.settled()).toMatchObject([{ status: 'rejected' }]);
    await expect(clock.sleep(1, { signal: AbortSignal.abort('late') })).rejects.toBe('late');
  });

  test('refuses to go back', async () => {
    await expect(new SimulatedClock().pass(-1)).rejects.toThrow(
      'expected ms to be a number of at least 0',
    );
    expect(() => new SimulatedClock(Number.NaN)).toThrow(
      'expected start to be a number of at least 0',
    );
  });
});

describe('Gates', () => {
  test('hold each call until the test opens its gate, or breaks it', async () => {
    const gates = new Gates<number, string>();
    const pool = taskPool({ logger: new Log() });
    const group = pool.map((n: number) => gates.wait(n), [1, 2, 1], { numConcurrent: 3 });
    await gates.untilWaiting(2);
    expect(gates.waiting).toEqual([1, 2, 1]);
    gates.open(1, 'a');
    gates.break(2, new Error('b'));
    gates.open(1, 'c');
    expect(await group.settled()).toMatchObject([
      { value: 'a' },
      { reason: new Error('b') },
      { value: 'c' },
    ]);
    expect(() => gates.open(7, 'x')).toThrow('expected a key that something waits for, got 7');
  });

  test('release a call whose signal is aborted, as that of a cancelled task', async () => {
    const gates = new Gates<number>();
    const pool = taskPool();
    const wait = (n: number, context: TaskContext) => gates.wait(n, context);
    const group = pool.map(wait, [1, 2], { numConcurrent: 2 });
    await gates.untilWaiting(2);
    pool.cancel(0);
    await expect(pool.task(0).result()).rejects.toThrow('aborted');
    expect(gates.waiting).toEqual([2]);
    gates.open(2, undefined);
    const ends = await group.settled();
    expect(ends.map(({ status }) => status)).toEqual(['cancelled', 'fulfilled']);
    const controller = new AbortController();
    const opened = gates.wait(1, controller);
    const other = gates.wait(2);
    gates.open(1, undefined);
    controller.abort('too late');
    await opened;
    gates.open(2, undefined);
    await other;
    await expect(gates.wait(3, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(gates.waiting).toEqual([]);
    expect(() => gates.wait(3, { signal: 5 as never })).toThrow('expected signal to be');
  });
});

describe('given', () => {
  test('is a journal that can be recovered', async () => {
    const journal = given([
      { type: 'pool.created', kind: 'TaskPool', poolSize: 2, retain: 'all' },
      {
        type: 'group.created',
        group: 'g',
        method: 'map',
        functionName: 'double',
        numConcurrent: 2,
        planned: 2,
        items: 'supplied',
      },
      { type: 'group.supplied', group: 'g', items: [1, 2] },
      { type: 'task.queued', id: 0, group: 'g', index: 0 },
      { type: 'task.started', id: 0, at: 50 },
    ]);
    expect(replay(journal)).toMatchObject({ name: 'given', poolSize: 2, numRunning: 1 });
    const double = async (n: number) => n * 2;
    const pool = await recoverTaskPool(journal, { functions: { double } });
    expect(await pool.group('g').results()).toEqual([2, 4]);
    await pool.gatherAndClose();
  });

  test('begins with a pool by itself, and keeps times', () => {
    const journal = given([{ type: 'pool.locked', at: 7 }, { type: 'pool.unlocked' }], {
      pool: 'mine',
      at: 5,
    });
    expect(journal.events()).toMatchObject([
      { type: 'pool.created', pool: 'mine', seq: 0, at: 5 },
      { type: 'pool.locked', seq: 1, at: 7 },
      { type: 'pool.unlocked', seq: 2, at: 7 },
    ]);
  });

  test('refuses what is no event', () => {
    expect(() => given([{ type: 'pool.lockd' } as never])).toThrow('pool.lockd');
    expect(() => given([], { name: 'x' } as object)).toThrow("did you mean 'pool'?");
  });
});
