import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AnyActorRef, InspectionEvent } from 'xstate';
import { acceptEvents, type InspectSampleOptions, inspectSample } from 'xstate-taskpool/inspect';
import { Gate, Log, taskPool, turn } from '../support/pools.ts';

/** An inspection event as a short text: whom it concerns, and what it is about. */
const line = (event: InspectionEvent) =>
  `${(event.actorRef as AnyActorRef).id} ${event.type}${'event' in event ? ` ${event.event.type}` : ''}`;
const increment = async (n: number) => n + 1;
const range = (length: number) => Array.from({ length }, (_, n) => n);
/** The tasks of which lines tell. */
const tasksIn = (lines: readonly string[]) =>
  new Set(lines.flatMap((text) => text.match(/task-\d+/) ?? []));

/** A sample, and what it shows. */
function spy(options: InspectSampleOptions) {
  const shown: string[] = [];
  return { shown, sample: inspectSample((event) => void shown.push(line(event)), options) };
}

/** Runs tasks one after the other: of each seven events, and one that it sends to the pool. */
async function runTasks(inspect: (event: InspectionEvent) => void, num: number): Promise<void> {
  const pool = taskPool({ inspect, name: 'held' });
  pool.map(increment, range(num));
  await pool.gatherAndClose();
}

describe('until the inspector is ready', () => {
  test('events are held, and then shown in order', async () => {
    const all: string[] = [];
    await runTasks((event) => all.push(line(event)), 50);
    const ready = new Gate();
    const { shown, sample } = spy({ ready: ready.promise });
    await runTasks((event) => sample.next(event), 50);
    expect(shown).toEqual([]);
    expect(sample.numHeld).toBe(all.length);
    ready.resolve();
    await sample.untilShown();
    expect(shown).toEqual(all);
    expect(sample).toMatchObject({ numHeld: 0, numDropped: 0, numTasks: 50 });
  });

  test('a task that does not fit any more is dropped whole', async () => {
    const all: string[] = [];
    await runTasks((event) => all.push(line(event)), 20);
    const ready = new Gate();
    const { shown, sample } = spy({ ready: ready.promise, hold: 30 });
    await runTasks((event) => sample.next(event), 20);
    expect(sample.numHeld).toBe(30);
    ready.resolve();
    await sample.untilShown();
    const kept = tasksIn(shown);
    expect(kept.size).toBe(sample.numTasks);
    expect(kept.size).toBeGreaterThan(1);
    expect(kept.size).toBeLessThan(5);
    const isOf = (tasks: Set<string>) => (text: string) =>
      tasks.has(text.match(/task-\d+/)?.[0] ?? '');
    expect(shown.filter(isOf(kept))).toEqual(all.filter(isOf(kept)));
    expect(shown.length + sample.numDropped).toBe(all.length);
  });

  test('of the pool the latest events are dropped', async () => {
    const all: string[] = [];
    await runTasks((event) => all.push(line(event)), 0);
    const ready = new Gate();
    const { shown, sample } = spy({ ready: ready.promise, hold: 4 });
    await runTasks((event) => sample.next(event), 0);
    ready.resolve();
    await sample.untilShown();
    expect(shown).toEqual(all.slice(0, 4));
    expect(sample.numDropped).toBe(all.length - 4);
  });

  test('a task that was dropped makes room for another within max', async () => {
    const ready = new Gate();
    const { shown, sample } = spy({ ready: ready.promise, hold: 5, max: 1 });
    const pool = taskPool({ inspect: (event) => sample.next(event) });
    await pool.apply(increment, [1]).results();
    expect(sample.numTasks).toBe(0);
    ready.resolve();
    await sample.untilShown();
    await pool.apply(increment, [1], { num: 2 }).results();
    expect([...tasksIn(shown)]).toEqual(['task-1']);
  });

  test('a task that began before goes on after', async () => {
    const ready = new Gate();
    const { shown, sample } = spy({ ready: ready.promise });
    const pool = taskPool({ inspect: sample });
    const work = new Gate();
    pool.apply(() => work.promise);
    await turn();
    ready.resolve();
    await sample.untilShown();
    expect(shown.at(-1)).toBe('task-0 @xstate.snapshot task.started');
    work.resolve();
    await pool.untilIdle();
    expect(shown).toContain('task-0 @xstate.snapshot task.ended');
  });

  test('never being so shows nothing and holds nothing', async () => {
    const ready = new Gate();
    const { shown, sample } = spy({ ready: ready.promise });
    await runTasks((event) => sample.next(event), 3);
    const held = sample.numHeld;
    ready.reject(new Error('no connection'));
    await sample.untilShown();
    expect(sample).toMatchObject({ numHeld: 0, numDropped: held });
    await runTasks((event) => sample.next(event), 3);
    expect(sample).toMatchObject({ numHeld: 0, numDropped: 2 * held });
    expect(shown).toEqual([]);
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an adapter as those of @statelyai/inspect', () => {
  test.each([
    ['closed', 'open'],
    ['disconnected', 'connected'],
  ])('is waited for while it is %s', async (before, after) => {
    vi.useFakeTimers();
    const shown: string[] = [];
    const adapter = { status: before };
    const inspect = (event: InspectionEvent) => void shown.push(line(event));
    const sample = inspectSample({ adapter, inspect });
    const pool = taskPool({ inspect: sample });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shown).toEqual([]);
    adapter.status = after;
    await vi.advanceTimersByTimeAsync(100);
    expect(shown[0]).toBe(`${pool} @xstate.actor`);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not waited for once it is connected', () => {
    const shown: string[] = [];
    const inspect = (event: InspectionEvent) => void shown.push(line(event));
    const pool = taskPool({ inspect: inspectSample({ adapter: { status: 'open' }, inspect }) });
    expect(shown[0]).toBe(`${pool} @xstate.actor`);
  });

  test('is not waited for if something else is', async () => {
    const shown: string[] = [];
    const inspect = (event: InspectionEvent) => void shown.push(line(event));
    const adapter = { status: 'closed' };
    const sample = inspectSample({ adapter, inspect }, { ready: Promise.resolve() });
    const pool = taskPool({ inspect: sample });
    await sample.untilShown();
    expect(shown[0]).toBe(`${pool} @xstate.actor`);
  });
});

describe('where nobody listens', () => {
  const deaf = () => inspectSample({ adapter: { status: 'closed' }, inspect: () => {} });

  test('waiting until all is shown ends with false after some time', async () => {
    vi.useFakeTimers();
    const waits = [deaf().untilShown(), deaf().untilShown({ timeout: 50 })];
    const ended: (number | boolean)[] = [];
    for (const wait of waits) void wait.then((isShown) => ended.push(isShown));
    await vi.advanceTimersByTimeAsync(50);
    expect(ended).toEqual([false]);
    await vi.advanceTimersByTimeAsync(14_949);
    expect(ended).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual([false, false]);
  });

  test('a signal ends the wait with its reason', async () => {
    const controller = new AbortController();
    const wait = deaf().untilShown({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(wait).rejects.toBe(reason);
    await expect(deaf().untilShown({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('what is given as ready is waited for as long as it takes', async () => {
    vi.useFakeTimers();
    const ready = new Gate();
    const wait = spy({ ready: ready.promise }).sample.untilShown();
    await vi.advanceTimersByTimeAsync(100_000);
    vi.useRealTimers();
    ready.resolve();
    await expect(wait).resolves.toBe(true);
    const refused = spy({ ready: Promise.reject(new Error('no')) });
    await expect(refused.sample.untilShown()).resolves.toBe(false);
  });

  test('an invalid wait is refused', async () => {
    const { sample } = spy({});
    await expect(sample.untilShown({ timeout: -1 })).rejects.toThrow(RangeError);
    await expect(sample.untilShown({ timeout: '1' as never })).rejects.toThrow(TypeError);
    await expect(sample.untilShown({ patience: 1 } as never)).rejects.toThrow('patience');
  });
});

test('an inspector without an adapter cannot be made to accept events', () => {
  expect(() => acceptEvents({ inspect: () => {} })).toThrow(
    'expected an inspector with an adapter',
  );
  expect(() => acceptEvents(undefined as never)).toThrow(TypeError);
});

test('what an inspector sends in a timer is sent when all is shown', async () => {
  const sent: string[] = [];
  const sample = inspectSample((event) => void setTimeout(() => sent.push(line(event))));
  const pool = taskPool({ inspect: sample });
  await pool.gatherAndClose();
  await sample.untilShown();
  expect(sent.at(-1)).toBe(`${pool} @xstate.snapshot pool.closed`);
});

describe('the inspector', () => {
  const wrap = {
    'a function': (see: (event: InspectionEvent) => void) => see,
    'an observer': (see: (event: InspectionEvent) => void) => ({ next: see }),
    'an inspector': (see: (event: InspectionEvent) => void) => ({ inspect: { next: see } }),
    'an inspector with a function': (see: (event: InspectionEvent) => void) => ({ inspect: see }),
  };
  test.each(Object.entries(wrap))('may be %s', (_, inspectorOf) => {
    const shown: InspectionEvent[] = [];
    const pool = taskPool({ inspect: inspectSample(inspectorOf((event) => shown.push(event))) });
    expect(shown.map(line)[0]).toBe(`${pool} @xstate.actor`);
  });

  test.each([
    [{ every: 0 }, RangeError, 'expected every to be a positive integer'],
    [{ every: 1.5 }, RangeError, 'got 1.5'],
    [{ max: -1 }, RangeError, 'expected max to be a non-negative integer or Infinity, got -1'],
    [{ hold: Number.NaN }, RangeError, 'expected hold'],
    [{ max: '3' as unknown as number }, TypeError, 'expected max'],
  ])('%o is refused', (options, error, message) => {
    const attempt = () => inspectSample(() => {}, options);
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(message);
  });

  test.each(['at first', 'late'])(
    'may throw when it comes %s, and the pool goes on',
    async (when) => {
      const broken = new Error('broken');
      const inspect = (event: InspectionEvent) => {
        if (line(event) === 'task-0 @xstate.event task.started') throw broken;
      };
      const logger = new Log();
      const pool = taskPool(when === 'late' ? { logger } : { logger, inspect });
      if (when === 'late') pool.actor.system.inspect(inspect);
      expect(await pool.map(increment, range(3)).results()).toEqual([1, 2, 3]);
      expect(logger.lines).toEqual([[expect.any(String), broken]]);
    },
  );
});
