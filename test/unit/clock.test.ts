import { afterEach, describe, expect, test, vi } from 'vitest';
import { SimulatedClock } from 'xstate';
import { type Clock, replay, type TaskContext } from 'xstate-taskpool';
import { SimulatedClock as OwnClock } from 'xstate-taskpool/testing';
import { platformClock } from '../../src/pool/turn/clock.ts';
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

describe('a reading of the clock of the platform', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** The clock says 1, 2, 3, and so on. */
  function counting(): { readonly turns: Turn; readonly take: (count: number) => number[] } {
    let reading = 0;
    vi.spyOn(platformClock, 'now').mockImplementation(() => ++reading);
    const turns = new Turn(platformClock);
    return { turns, take: (count) => Array.from({ length: count }, () => turns.at) };
  }

  test('serves 17 events of the same run of promise jobs', async () => {
    const { take } = counting();
    expect(take(36)).toEqual([...Array(17).fill(1), ...Array(17).fill(2), 3, 3]);
    await turn();
    expect(take(3)).toEqual([4, 4, 4]);
  });

  test('that served one event is followed by 64 that are not kept', async () => {
    const { take } = counting();
    expect(take(1)).toEqual([1]);
    await turn();
    expect(take(66)).toEqual([...Array.from({ length: 65 }, (_, n) => n + 2), 66]);
  });

  test('is renewed on demand', () => {
    const { turns, take } = counting();
    expect(take(2)).toEqual([1, 1]);
    turns.renew();
    expect(take(2)).toEqual([2, 2]);
  });
});

test('another clock is read for each event, and for each duration except within a lap', () => {
  let reading = 0;
  const now = () => ++reading;
  const turns = new Turn({ now, setTimeout: () => undefined, clearTimeout: () => {} });
  const [first, second] = [turns.at, turns.at];
  expect(second).toBe(first + 1);
  expect(turns.elapsed).toBe(second + 1);
  expect(turns.moment).toBe(second + 2);
  turns.lap();
  const lap = turns.moment;
  expect([turns.moment, lap]).toEqual([lap, second + 3]);
  expect(turns.elapsed).toBe(lap + 1);
  turns.passed();
  expect(turns.moment).toBe(lap + 2);
});

describe('timers', () => {
  test('and turns are held back until they are released', async () => {
    const clock = new SimulatedClock();
    const turns = new Turn(clock);
    const seen: string[] = [];
    turns.run = () => seen.push('turn');
    turns.after(10, () => seen.push('before'));
    const release = turns.hold();
    expect(turns.isScheduled).toBe(true);
    turns.schedule();
    turns.after(5, () => seen.push('meanwhile'));
    turns.after(30, () => seen.push('later'));
    clock.increment(20);
    await turn();
    expect(seen).toEqual([]);
    release();
    expect(seen).toEqual(['meanwhile', 'before']);
    await turn();
    expect(seen.splice(0)).toEqual(['meanwhile', 'before', 'turn']);
    expect(turns.isScheduled).toBe(false);
    turns.schedule();
    turns.schedule();
    await turn();
    clock.increment(10);
    expect(seen).toEqual(['turn', 'later']);
  });

  test('of the same time are run in the order in which they were set, and may change what follows', () => {
    const clock = new SimulatedClock();
    const turns = new Turn(clock);
    const seen: string[] = [];
    turns.after(10, () => {
      seen.push('a');
      turns.after(0, () => seen.push('now'));
      turns.after(1, () => seen.push('soon'));
    });
    turns.after(10, () => {
      seen.push('b');
      turns.cancel(cancelled);
    });
    const cancelled = turns.after(10, () => seen.push('never'));
    turns.after(5, () => seen.push('first'));
    clock.increment(10);
    expect(seen).toEqual(['first', 'a', 'b', 'now']);
    clock.increment(1);
    expect(seen).toEqual(['first', 'a', 'b', 'now', 'soon']);
  });

  test('of the platform are whole milliseconds, and are disarmed when the last one is cancelled', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const set = vi.spyOn(platformClock, 'setTimeout');
      const turns = new Turn(platformClock);
      const timers = [turns.after(50.5, () => {}), turns.after(60, () => {})];
      expect(Number.isInteger(set.mock.calls[0]?.[1])).toBe(true);
      expect(vi.getTimerCount()).toBe(1);
      for (const timer of timers) turns.cancel(timer);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
      vi.restoreAllMocks();
    }
  });

  test('without a delay run soon, and may be cancelled as well', async () => {
    const turns = new Turn(platformClock);
    const seen: string[] = [];
    turns.cancel(turns.after(0, () => seen.push('never')));
    turns.after(0, () => seen.push('first'));
    const last = new Promise<void>((resolve) => void turns.after(0, resolve));
    expect(seen).toEqual([]);
    await last;
    expect(seen).toEqual(['first']);
  });

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
  test('that goes back, or says nothing, lets no time pass until it goes on', () => {
    let at = 100;
    const turns = new Turn({ now: () => at, setTimeout: () => undefined, clearTimeout: () => {} });
    const elapsed = [100, 130, 50, 60, Number.NaN, 65].map((reading) => {
      at = reading;
      return turns.elapsed;
    });
    expect(elapsed).toEqual([100, 130, 130, 140, 140, 145]);
  });

  test('that calls back early is on time by then', () => {
    let fire = () => {};
    const turns = new Turn({
      now: () => 0,
      setTimeout: (fn) => {
        fire = fn;
      },
      clearTimeout: () => {},
    });
    const seen: number[] = [];
    turns.after(100, () => seen.push(turns.elapsed));
    turns.after(200, () => seen.push(turns.elapsed));
    fire();
    expect(seen).toEqual([100]);
    fire();
    expect(seen).toEqual([100, 200]);
    expect(turns.elapsed).toBe(200);
  });

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
