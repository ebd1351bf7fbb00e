import { describe, expect, test } from 'vitest';
import {
  type Clock,
  LimitNotFound,
  type Rate,
  type SubmitOptions,
  TaskPool,
} from 'xstate-taskpool';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { withMoreTime } from '../support/more-time.ts';
import { eventsOf, Stage } from '../support/observing.ts';
import { Gate, Log, taskPool, turn, untilAborted } from '../support/pools.ts';
import { Time } from '../support/time.ts';

const logger = new Log();

describe('a limit of concurrency', () => {
  test('counts each key by itself, and what runs there never exceeds it', async () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 2 } }, logger });
    const running = new Map<string, number>();
    let most = 0;
    const items = Array.from({ length: 60 }, (_, n) => 'abc'.charAt(n % 3));
    const group = pool.map(
      async (host: string) => {
        const now = (running.get(host) ?? 0) + 1;
        running.set(host, now);
        most = Math.max(most, now);
        await turn();
        running.set(host, (running.get(host) as number) - 1);
        return host;
      },
      items,
      { numConcurrent: 50, limits: { host: (host) => host } },
    );
    await turn();
    expect(pool.numRunning).toBe(6);
    expect(await group.results()).toEqual(items);
    expect(most).toBe(2);
  });

  test('lets others go past those that it holds back', async () => {
    const pool = new TaskPool({ poolSize: 4, limits: { host: { concurrent: 1 } }, logger });
    const gate = new Gate();
    const order: string[] = [];
    const group = pool.map(
      async (name: string) => {
        order.push(name);
        if (name === 'slow 0') await gate.promise;
      },
      ['slow 0', 'slow 1', 'slow 2', 'quick 0', 'quick 1'],
      { numConcurrent: 4, limits: { host: (name) => name.split(' ')[0] } },
    );
    await turn();
    expect(order).toEqual(['slow 0', 'quick 0', 'quick 1']);
    expect(pool.numQueued).toBe(2);
    gate.resolve();
    await group.results();
    expect(order.slice(3)).toEqual(['slow 1', 'slow 2']);
  });

  test('with a lookahead of 0 all start in their order', async () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger });
    const order: number[] = [];
    await pool
      .map(async (n: number) => void order.push(n), [0, 0, 1, 0, 1, 1], {
        numConcurrent: 6,
        lookahead: 0,
        limits: { host: (n) => n },
      })
      .results();
    expect(order).toEqual([0, 0, 1, 0, 1, 1]);
  });

  test('is no part of the journal if it is infinite, which JSON cannot hold', () => {
    const pool = taskPool({ limits: { host: { concurrent: 1 } } });
    for (const lookahead of [3, Infinity]) {
      pool.map(untilAborted, [1], { limits: { host: 'a' }, lookahead });
    }
    const stated = [...pool.journal].flatMap((event) =>
      event.type === 'group.created' ? [[event.limits, event.lookahead]] : [],
    );
    expect(stated).toEqual([
      [{ host: 'a' }, 3],
      [{ host: 'a' }, undefined],
    ]);
    pool.cancelAll();
  });

  test('pulls no more than the lookahead from an endless source', async () => {
    let pulled = 0;
    function* endless() {
      for (;;) yield pulled++;
    }
    const pool = new TaskPool({ limits: { all: { concurrent: 1 } }, logger });
    const gate = new Gate();
    const group = pool.map(() => gate.promise, endless(), {
      numConcurrent: 5,
      lookahead: 10,
      limits: { all: true },
    });
    await turn();
    expect(pulled).toBe(11);
    group.cancel();
    gate.resolve();
    await pool.gatherAndClose();
  });

  test('may be changed while tasks wait, and what it allows then starts', async () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger });
    const gate = new Gate();
    const group = pool.map(() => gate.promise, [1, 2, 3, 4], {
      numConcurrent: 4,
      limits: { host: 'one' },
    });
    await turn();
    expect(pool.numRunning).toBe(1);
    pool.limits.host.concurrent = 3;
    expect(pool.limits.host.concurrent).toBe(3);
    await turn();
    expect(pool.numRunning).toBe(3);
    expect(eventsOf(pool, 'limit.changed')).toEqual([
      { type: 'limit.changed', limit: 'host', concurrent: 3, rate: null },
    ]);
    gate.resolve();
    await group.results();
  });

  test('several limits are taken together or not at all', async () => {
    const pool = new TaskPool({
      limits: { host: { concurrent: 1 }, user: { concurrent: 1 } },
      logger,
    });
    const gates = { a: new Gate(), b: new Gate() };
    const started: string[] = [];
    const run = (name: string, gate: Gate, host: string, user: string) =>
      pool.apply(
        () => {
          started.push(name);
          return gate.promise;
        },
        [],
        { limits: { host, user } },
      );
    run('first', gates.a, 'h1', 'u1');
    run('second', gates.b, 'h2', 'u1');
    run('third', gates.b, 'h2', 'u2');
    await turn();
    // The second waits for the user, and holds no place of the host meanwhile.
    expect(started).toEqual(['first', 'third']);
    gates.a.resolve();
    await turn();
    expect(started).toEqual(['first', 'third']);
    gates.b.resolve();
    await pool.gatherAndClose();
    expect(started).toEqual(['first', 'third', 'second']);
  });
});

describe('a rate', () => {
  /** When five tasks have started that a rate holds back. */
  async function fiveUnder(rate: Rate) {
    const clock = new Time();
    const pool = new TaskPool({ limits: { api: { rate } }, clock, logger });
    const starts: number[] = [];
    pool.map(() => starts.push(clock.now()), [1, 2, 3, 4, 5], {
      numConcurrent: 5,
      limits: { api: true },
    });
    await clock.advance(1000);
    return { starts, pool, clock };
  }

  test('lets no window hold more starts, and starts the next as soon as it may', async () => {
    const { starts, pool, clock } = await fiveUnder({ max: 2, per: 100 });
    expect(starts).toEqual([0, 0, 100, 100, 200]);
    await pool.gatherAndClose();
    expect(clock.numTimers).toBe(0);
  });

  test('that is spread spaces starts evenly', async () => {
    const { starts } = await fiveUnder({ max: 4, per: 100, spread: true });
    expect(starts).toEqual([0, 25, 50, 75, 100]);
  });

  test('that becomes spread still counts all starts in its window', async () => {
    const clock = new Time();
    const pool = new TaskPool({ limits: { api: { rate: { max: 4, per: 100 } } }, clock, logger });
    const starts: number[] = [];
    const call = () =>
      pool.apply(() => starts.push(clock.now()), [], { num: 3, limits: { api: true } });
    call();
    await clock.advance(10);
    pool.limits.api.rate = { max: 4, per: 100, spread: true };
    call();
    await clock.advance(1000);
    expect(starts).toEqual([0, 0, 0, 25, 100, 125]);
  });

  test('a key that is paused waits, others do not', async () => {
    const clock = new Time();
    const pool = new TaskPool({ limits: { host: { concurrent: 10 } }, clock, logger });
    pool.limits.host.pause('a', 50);
    const starts: string[] = [];
    pool.map((host: string) => starts.push(`${host} ${clock.now()}`), ['a', 'b', 'a'], {
      numConcurrent: 3,
      limits: { host: (host) => host },
    });
    await clock.advance(1000);
    expect(starts).toEqual(['b 0', 'a 50', 'a 50']);
    expect(eventsOf(pool, 'limit.paused')).toEqual([
      { type: 'limit.paused', limit: 'host', key: 'a', until: 50 },
    ]);
  });
});

describe('keys', () => {
  test('are made of what promises resolve to, and a rejected one is a rejected task', async () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger });
    const seen: unknown[] = [];
    const group = pool.map(
      async (host: string) => host,
      [Promise.resolve('a'), Promise.reject<string>(new Error('gone')), 'b'],
      {
        limits: {
          host: (host) => {
            seen.push(host);
            return host;
          },
        },
      },
    );
    const results = await group.settled();
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual(['a', 'b']);
    expect(pool.snapshot().tasks[0]?.keys).toEqual({ host: 'a' });
    expect(eventsOf(pool, 'task.queued')[0]).toMatchObject({ keys: { host: 'a' } });
  });

  test('a function that throws, or gives no key, rejects that task alone', async () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger });
    const group = pool.map(async (n: number) => n, [1, 2, 3], {
      limits: {
        host: (n) => {
          if (n === 1) throw new Error('no host');
          return n === 2 ? (Symbol('s') as never) : undefined;
        },
      },
    });
    expect(await group.settled()).toMatchObject([
      { status: 'rejected', reason: { message: 'no host' } },
      { status: 'rejected', reason: { message: /^expected the key of 'host' to be a string/ } },
      { status: 'fulfilled', value: 3 },
    ]);
  });

  test('are those of their own item, whatever became of the functions of the one before', async () => {
    const limits = { host: { concurrent: 9 }, user: { concurrent: 9 } };
    const pool = new TaskPool({ limits, logger });
    const items = ['a 1', 'b -', 'b 1', 'b 1', 'b 2', '- 2', '- -'];
    const part = (item: string, place: number) => {
      const key = item.split(' ')[place] as string;
      return key === '-' ? undefined : key;
    };
    const user = (item: string) => {
      if (item === 'b -') throw new Error('no user');
      return part(item, 1);
    };
    await pool.map((item) => item, items, { limits: { host: (i) => part(i, 0), user } }).settled();
    expect(
      eventsOf(pool, 'task.queued').map((event) => (event as { keys?: unknown }).keys),
    ).toEqual([
      { host: 'a', user: '1' },
      undefined,
      { host: 'b', user: '1' },
      { host: 'b', user: '1' },
      { host: 'b', user: '2' },
      { user: '2' },
      {},
    ]);
  });

  test('of a limit that there is not are refused with the name that was meant', () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger });
    const limits = { hosts: 'a' } as never;
    expect(() => pool.map((n: number) => n, [1], { limits })).toThrow(LimitNotFound);
    expect(() => pool.map((n: number) => n, [1], { limits })).toThrow("did you mean 'host'?");
    expect(pool.snapshot().groups).toEqual([]);
  });
});

describe('submissions', () => {
  test('start by priority, and of equal priority in the order of the calls', async () => {
    const pool = new TaskPool({ poolSize: 1, logger });
    const order: string[] = [];
    const note = (name: string) => void order.push(name);
    const gate = new Gate();
    const all = [
      pool.submit(() => gate.promise, [], { groupName: 'first' }),
      pool.submit(note, ['low'], { priority: -1 }),
      pool.submit(note, ['a']),
      pool.submit(note, ['b']),
      pool.submit(note, ['high'], { priority: 2 }),
      pool.submit(note, ['high again'], { priority: 2 }),
    ];
    await turn();
    gate.resolve();
    await Promise.all(all);
    // One is a task that waits already when the others come.
    expect(order).toEqual(['high', 'high again', 'a', 'b', 'low']);
    expect(pool.snapshot().tasks.map(({ priority }) => priority)).toContain(-1);
  });

  test('keep to limits by the keys that they name, and others go past them', async () => {
    const pool = new TaskPool({ poolSize: 3, limits: { host: { concurrent: 1 } }, logger });
    const order: string[] = [];
    const gate = new Gate();
    const work = async (name: string) => {
      order.push(name);
      if (name === 'a 0') await gate.promise;
    };
    const all = ['a 0', 'a 1', 'b 0', 'a 2', 'b 1'].map((name) =>
      pool.submit(work, [name], { limits: { host: name.split(' ')[0] as string } }),
    );
    await turn();
    expect(order).toEqual(['a 0', 'b 0', 'b 1']);
    gate.resolve();
    await Promise.all(all);
    expect(order.slice(3)).toEqual(['a 1', 'a 2']);
  });

  test('without limits start while others of their group wait for a rate that closed meanwhile', async () => {
    const clock = new SimulatedClock();
    const limits = { host: { concurrent: 1 }, even: { rate: { max: 1, per: 15 } } };
    const pool = new TaskPool({ poolSize: 1, limits, clock, logger });
    const stage = new Stage<string>();
    pool.map(stage.work, ['first', 'second'], { limits: { host: 'a', even: true } });
    await turn();
    await clock.pass(15);
    pool.pause();
    void stage.finish('first');
    const submit = (item: string, options: SubmitOptions<typeof limits>) =>
      void pool.submit(stage.work, [item], { groupName: 'others', ...options });
    submit('both', { limits: { host: 'a', even: true } });
    await turn();
    submit('rated', { limits: { even: true } });
    await turn();
    submit('free', {});
    await turn();
    // The second one takes the only start, and those that stand in line have to wait.
    pool.resume();
    await turn();
    // A slot is free, and a group that has lost the first of its line gets a new item, in one turn.
    submit('last', { priority: -1 });
    await stage.finish('second');
    expect(stage.started).toEqual(['first', 'second', 'free']);

    await stage.finish('free', 'last');
    for (const item of ['both', 'rated']) {
      await clock.pass(15);
      await stage.finish(item);
    }
    expect(pool.totals.fulfilled).toBe(6);
  });

  test('reject where they name a limit that there is not', async () => {
    const pool = new TaskPool({ limits: { host: { concurrent: 1 } }, logger });
    const limits = { hosts: 'a' } as never;
    await expect(pool.submit(() => 1, [], { limits })).rejects.toThrow("did you mean 'host'?");
    const key = { host: () => 'a' } as never;
    await expect(pool.submit(() => 1, [], { limits: key })).rejects.toThrow('to be a string');
  });
});

test('prefetch fetches so many items of an async source ahead of need, and makes no tasks of them', async () => {
  let fetched = 0;
  async function* source() {
    for (;;) yield fetched++;
  }
  const pool = new TaskPool({ poolSize: 1, logger });
  const gates = [new Gate(), new Gate()];
  const group = pool.map((n: number) => gates[n]?.promise, source(), { prefetch: 3 });
  await turn();
  // One runs, one is queued for a slot, three are there.
  expect([pool.totals.created, fetched]).toEqual([2, 5]);
  gates[0]?.resolve();
  await turn();
  expect([pool.totals.created, fetched]).toEqual([3, 6]);
  group.cancel();
  gates[1]?.resolve();
  await pool.gatherAndClose();
  expect(() => pool.map((n: number) => n, source(), { prefetch: -1 })).toThrow(RangeError);
});

test('a rate counts each start when it was, though a function of the same turn has taken its time', async () => {
  const clock = new SimulatedClock();
  let taken = 0;
  const now = () => clock.now() + taken;
  const slow: Clock = {
    now,
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer as number),
  };
  const limits = { api: { rate: { max: 2, per: 10 } } };
  const pool = new TaskPool({ clock: slow, limits, logger });
  const starts: number[] = [];
  const work = async (n: number) => {
    starts.push(now());
    if (n === 0) taken += 9;
  };
  pool.map(work, [0, 1, 2, 3], { numConcurrent: 4, limits: { api: true } });
  await clock.pass(30);
  // The first of them may as well have begun when its function returned.
  expect(starts).toEqual([0, 9, 19, 19]);
});

test('a rate counts the start of a task whose item rejects or cannot be read, and goes on after it', async () => {
  const clock = new SimulatedClock();
  const pool = new TaskPool({ clock, limits: { api: { rate: { max: 1, per: 10 } } }, logger });
  const unreadable = Object.defineProperty({}, 'then', {
    get() {
      throw new Error('no');
    },
  });
  const starts: number[] = [];
  const items = [Promise.reject(new Error('no')), unreadable, 2, 3];
  const results = pool
    .map(async () => void starts.push(clock.now()), items, { limits: { api: true } })
    .settled();
  await clock.pass(100);
  expect(starts).toEqual([20, 30]);
  expect((await results).map(({ status }) => status)).toEqual([
    ...['rejected', 'rejected'],
    ...['fulfilled', 'fulfilled'],
  ]);
  await pool.gatherAndClose();
});

test('no window of a rate holds more starts by a real clock, as the functions see it', async () => {
  const max = 4;
  // A function may see its start late, by as much as the machine does something else in between.
  await withMoreTime([15, 100, 1000, 5000], async (per) => {
    const pool = new TaskPool({ limits: { api: { rate: { max, per } } }, logger });
    const starts: number[] = [];
    const note = async () => starts.push(performance.now());
    await pool.map(note, Array(20), { numConcurrent: 20, limits: { api: true } }).results();
    const widths = starts.slice(max).map((at, n) => at - (starts[n] as number));
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(per);
  });
});

test('a rate that is changed counts the starts that the one before still counted, and no earlier ones', async () => {
  const clock = new SimulatedClock(1_000);
  const limits = { host: { rate: { max: 1, per: 20 } } };
  const started: [item: string, at: number][] = [];
  const work = async (item: string) => void started.push([item, clock.now()]);
  const pool = new TaskPool({ limits, clock, logger });
  await pool.submit(work, ['first'], { limits: { host: 'a' } });
  pool.pause();
  const waiting = pool.submit(work, ['second'], { limits: { host: 'a' } });
  await clock.pass(25);
  // The start is 25 ms ago: the rate before did not count it any more.
  pool.limits.host.rate = { max: 1, per: 100 };
  pool.resume();
  await waiting;
  expect(started).toEqual([
    ['first', 1_000],
    ['second', 1_025],
  ]);
  await pool.gatherAndClose();
});

test('a key is free for others as soon as the one that was first there waits for another limit', async () => {
  const clock = new SimulatedClock();
  const rate = { max: 1, per: 4 };
  const pool = new TaskPool({
    poolSize: 1,
    limits: { host: { rate }, api: { rate } },
    clock,
    logger,
  });
  const started: [item: string, at: number][] = [];
  const work = (item: string) => {
    started.push([item, clock.now()]);
    return clock.sleep(0);
  };
  const host = (item: string) => item.slice(0, 1);
  const first = pool.map(work, ['b1', 'b2', 'c1', 'a1'], { limits: { host } });
  await clock.pass(1);
  const limits = { host, api: true } as const;
  const second = pool.map(work, ['c2', 'a2', 'b3'], { numConcurrent: 2, priority: 1, limits });
  await clock.until(Promise.all([first.results(), second.results()]));
  // b3 is more important than b2, and cannot start at 4: the one start that its other limit allows is c2's.
  expect(started).toContainEqual(['b2', 4]);
  await clock.until(pool.gatherAndClose());
});

test('a key is the same for a task that is delayed and for those that use it meanwhile', async () => {
  const clock = new SimulatedClock();
  const pool = taskPool({ clock, limits: { host: { concurrent: 1 } } });
  let running = 0;
  let most = 0;
  const work = async (fails: boolean, { attempt }: { attempt: number }) => {
    most = Math.max(most, ++running);
    await clock.sleep(20);
    running--;
    if (fails && attempt === 1) throw new Error('once');
  };
  const options = {
    limits: { host: 'a' },
    retry: { limit: 1, delay: 10, jitter: 'none' },
  } as const;
  const first = pool.submit(work, [true], options);
  await clock.pass(25);
  const second = pool.submit(work, [false], options);
  await clock.until(Promise.all([first, second]));
  expect([most, clock.now()]).toEqual([1, 65]);
});

test.each([
  [5, 'limits.api.rate to be an object'],
  [{ per: 1 }, 'limits.api.rate.max'],
  [{ max: 1 }, 'limits.api.rate.per'],
  [{ max: 0, per: 1 }, 'limits.api.rate.max'],
  [{ max: 1, per: 0 }, 'limits.api.rate.per'],
  [{ max: 1, per: 1, spread: 1 }, 'limits.api.rate.spread'],
  [{ max: 1, per: 1, every: 1 }, "'every'"],
])('%j is refused as a rate, of a new pool and of one that runs', (rate, problem) => {
  expect(() => taskPool({ limits: { api: { rate: rate as never } } })).toThrow(problem);
  const pool = new TaskPool({ limits: { api: {} }, logger });
  expect(() => {
    pool.limits.api.rate = rate as never;
  }).toThrow(problem);
  expect(pool.limits.api.rate).toBeUndefined();
});

test('a pool without limits has none', () => {
  expect(Object.keys(taskPool().limits)).toEqual([]);
});
