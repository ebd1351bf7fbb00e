import { describe, expect, test, vi } from 'vitest';
import { SimulatedClock } from 'xstate';
import { type Clock, replay, type TaskContext } from 'xstate-taskpool';
import { SimulatedClock as OwnClock } from 'xstate-taskpool/testing';
import { Turn } from '../../src/pool/turn/turn.ts';
import { Gate, taskPool, turn } from '../support/pools.ts';

describe('the option clock', () => {
  test("gives the times of events: xstate's SimulatedClock is one", async () => {
    const clock = new SimulatedClock();
    clock.set(1_000);
    const pool = taskPool({ clock });
    const gate = new Gate();
    const group = pool.apply(() => gate.promise);
    await turn();
    clock.increment(250);
    gate.resolve();
    await group.settled();
    const times = pool.journal.events().map(({ type, at }) => [type, at]);
    expect(times).toEqual([
      ['pool.created', 1_000],
      ['group.created', 1_000],
      ['task.queued', 1_000],
      ['group.exhausted', 1_000],
      ['task.started', 1_000],
      ['task.ended', 1_250],
    ]);
    expect(replay(pool.journal).tasks).toMatchObject([{ startedAt: 1_000 }]);
  });

  test.each([
    [
      'a number',
      5,
      'expected clock to be an object with now(), setTimeout() and clearTimeout(), got 5',
    ],
    [
      'without timers',
      { now: Date.now },
      'expected clock to be an object with now(), setTimeout() and',
    ],
  ])('is refused: %s', (_, clock, message) => {
    expect(() => taskPool({ clock: clock as unknown as Clock })).toThrow(message);
  });
});

test("one reading of the platform's clock serves a few events, and no later turn of the event loop", async () => {
  const pool = taskPool();
  const now = vi.spyOn(Date, 'now');
  await pool.map(async (n: number) => n, Array.from({ length: 1_000 }).keys()).settled();
  const events = pool.journal.nextSeq;
  expect(events).toBeGreaterThan(3_000);
  expect(now.mock.calls.length).toBeGreaterThan(events / 20);
  expect(now.mock.calls.length).toBeLessThan(events / 2);
  now.mockClear();
  await turn();
  pool.lock();
  expect(now).toHaveBeenCalledTimes(1);
});

describe('timers', () => {
  test('are run in the order in which they are due, and cancelled ones are not', () => {
    const clock = new SimulatedClock();
    const turns = new Turn(clock);
    const seen: string[] = [];
    turns.after(30, () => seen.push('c'));
    turns.after(10, () => seen.push('a'));
    const cancelled = turns.after(15, () => seen.push('never'));
    turns.after(20, () => seen.push('b'));
    turns.cancel(cancelled);
    turns.cancel(cancelled);
    clock.increment(9);
    expect(seen).toEqual([]);
    clock.increment(1);
    expect(seen).toEqual(['a']);
    clock.increment(100);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  test('are one of the platform, however many there are, and none when nothing is due', () => {
    const armed = new Set<unknown>();
    let ids = 0;
    let now = 0;
    const calls = new Map<unknown, () => void>();
    const turns = new Turn({
      now: () => now,
      setTimeout: (fn) => {
        armed.add(++ids);
        calls.set(ids, fn);
        return ids;
      },
      clearTimeout: (id) => armed.delete(id),
    });
    const timers = Array.from({ length: 1_000 }, (_, n) => turns.after(1_000 - n, () => {}));
    expect(armed.size).toBe(1);
    for (const timer of timers.slice(10)) turns.cancel(timer);
    expect(armed.size).toBe(1);
    now = 2_000;
    const [id] = armed;
    armed.delete(id);
    calls.get(id)?.();
    expect(armed.size).toBe(0);
  });

  test('longer than the platform allows are armed in parts', () => {
    const delays: number[] = [];
    let now = 0;
    let fire = () => {};
    const turns = new Turn({
      now: () => now,
      setTimeout: (fn, ms) => {
        delays.push(ms);
        fire = fn;
        return 1;
      },
      clearTimeout: () => {},
    });
    const ran = vi.fn();
    turns.after(2 ** 31 + 5, ran);
    now = 2 ** 31 - 1;
    fire();
    expect(ran).not.toHaveBeenCalled();
    now = 2 ** 31 + 5;
    fire();
    expect(ran).toHaveBeenCalledTimes(1);
    expect(delays).toEqual([2 ** 31 - 1, 6]);
  });
});

describe('a clock that cannot be relied on', () => {
  const platform = {
    setTimeout: (fn: () => void, ms: number): unknown => setTimeout(fn, ms),
    clearTimeout: (id: unknown) => clearTimeout(id as NodeJS.Timeout),
  };
  const odd: readonly unknown[] = [Number.NaN, undefined, null, 'now', 1n, {}, Symbol('now')];

  test.each(odd)('that says %s at first is refused', (reading) => {
    const now = () => reading as number;
    expect(() => taskPool({ clock: { ...platform, now } })).toThrow(/clock.now\(\) to return/);
    const clock = { ...platform, now: () => 0, monotonic: now };
    expect(() => taskPool({ clock })).toThrow(/clock.monotonic\(\) to return/);
  });

  test.each(odd)('that says %s later is as late as it was', async (reading) => {
    let readings = 0;
    const now = () => (++readings <= 3 ? readings : (reading as number));
    const pool = taskPool({ clock: { ...platform, now } });
    const failing = pool.map(
      (n: number, { attempt }: TaskContext) => {
        if (attempt === 1) throw new Error('once');
        return n;
      },
      [1, 2],
      { retry: { limit: 1, delay: 1 }, timeout: 60_000 },
    );
    expect(await failing.results()).toEqual([1, 2]);
    for (const { at } of pool.journal) expect(at).toBeLessThanOrEqual(3);
  });

  test('that calls back at once lets nothing happen before its time', async () => {
    const clock = {
      now: () => 0,
      setTimeout: (fn: () => void) => void fn(),
      clearTimeout: () => {},
    };
    const pool = taskPool({ clock });
    const failing = pool.map(
      (n: number, { attempt }: TaskContext) => {
        if (attempt < 4) throw new Error('again');
        return n;
      },
      [1],
      { retry: { limit: 3, delay: 60_000 } },
    );
    expect(await failing.results()).toEqual([1]);
  });

  test('that sets no timer, and throws, keeps nothing waiting', async () => {
    const clock = {
      now: () => Date.now(),
      setTimeout: () => {
        throw new Error('no timers');
      },
      clearTimeout: () => {},
    };
    const failing = taskPool({ clock }).map(
      (n: number, { attempt }: TaskContext) => {
        if (attempt === 1) throw new Error('once');
        return n;
      },
      [1, 2],
      { retry: { limit: 1, delay: 1 } },
    );
    expect(await failing.results()).toEqual([1, 2]);
  });

  test('that is set back delays nothing', async () => {
    let at = 1e9;
    const simulated = new OwnClock();
    const clock = {
      now: () => at + simulated.now(),
      setTimeout: (fn: () => void, ms: number) => simulated.setTimeout(fn, ms),
      clearTimeout: (id: unknown) => simulated.clearTimeout(id),
    };
    const pool = taskPool({ clock });
    const group = pool.map(
      (_: number, { signal }: TaskContext) => simulated.sleep(1e9, { signal }),
      [1],
      { timeout: 100 },
    );
    await simulated.pass(10);
    at -= 3_600_000;
    await simulated.until(group.settled());
    expect(simulated.now()).toBe(100);
  });
});
