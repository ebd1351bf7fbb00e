/** Options that do not exist: without types, nothing else would say that one was misspelt. */

import { describe, expect, test } from 'vitest';
import {
  capture,
  checkpointOf,
  MemoryStore,
  type PoolOptions,
  Queue,
  replay,
  SimpleTaskPool,
  type TaskContext,
  TaskPool,
} from 'xstate-taskpool';
import { openSession } from 'xstate-taskpool/control';
import { ControlLink } from 'xstate-taskpool/control/client';
import { inspectSample } from 'xstate-taskpool/inspect';
import { recoverSimpleTaskPool, recoverTaskPool, standBy } from 'xstate-taskpool/recovery';
import { metrics, statistics } from 'xstate-taskpool/statistics';
import { storeOver } from '../support/memory-like.ts';
import { actors, Log, taskPool } from '../support/pools.ts';

const work = () => {};
const store = Object.assign(new MemoryStore(), { takeOver: async () => new MemoryStore() });
const lease = new Queue<number>();
const functions = { work };
/** As JavaScript passes it. */
const js = (options: unknown) => options as never;

const CALLS: Record<string, [(options: object) => unknown, wrong: string, meant: string]> = {
  'new TaskPool': [(o) => new TaskPool(js(o)), 'concurrency', 'poolSize'],
  scope: [(o) => TaskPool.scope(js(o), work), 'poolsize', 'poolSize'],
  'new SimpleTaskPool': [(o) => new SimpleTaskPool(work, [], js(o)), 'onEnd', 'endCallback'],
  'journal of a pool': [(o) => taskPool({ journal: js({ size: 5, ...o }) }), 'sise', 'size'],
  checkpoints: [
    (o) => taskPool({ journal: new MemoryStore(), checkpoints: js({ every: 5, ...o }) }),
    'prun',
    'prune',
  ],
  resume: [(o) => recoverTaskPool(store, js({ functions, ...o })), 'source', 'sources'],
  'resume of a simple pool': [
    (o) => recoverSimpleTaskPool(store, work, [], js({ functions, ...o })),
    'endCallBack',
    'endCallback',
  ],
  'groups of resume': [
    (o) => recoverTaskPool(store, js({ functions, groups: { all: o } })),
    'oninterrupted',
    'onInterrupted',
  ],
  apply: [(o) => taskPool().apply(work, [], js(o)), 'times', 'num'],
  map: [(o) => taskPool().map(work, [1], js(o)), 'concurrency', 'numConcurrent'],
  starmap: [(o) => taskPool().starmap(work, [[]], js(o)), 'numConcurent', 'numConcurrent'],
  doublestarmap: [(o) => taskPool().doublestarmap(work, [{}], js(o)), 'group', 'groupName'],
  flush: [(o) => taskPool().flush(o), 'returnExeptions', 'returnExceptions'],
  gatherAndClose: [(o) => taskPool().gatherAndClose(o), 'abortSignal', 'signal'],
  untilClosed: [(o) => taskPool().untilClosed(o), 'signals', 'signal'],
  untilIdle: [(o) => taskPool().untilIdle(o), 'sginal', 'signal'],
  untilSizeBelow: [(o) => taskPool().untilSizeBelow(3, o), 'Signal', 'signal'],
  snapshot: [(o) => taskPool().snapshot(o), 'task', 'tasks'],
  'tasks of snapshot': [(o) => taskPool().snapshot({ tasks: o }), 'status', 'state'],
  checkpoint: [(o) => taskPool({ journal: new MemoryStore() }).checkpoint(o), 'prunes', 'prune'],
  'new Queue': [(o) => new Queue(js(o)), 'maxSize', 'maxsize'],
  put: [(o) => new Queue<number>().put(1, o), 'signall', 'signal'],
  get: [(o) => lease.get(o), 'signall', 'signal'],
  lease: [(o) => lease.lease(o), 'signall', 'signal'],
  items: [(o) => lease.items(o).next(), 'signall', 'signal'],
  join: [(o) => lease.join(o), 'signall', 'signal'],
  'new MemoryStore': [(o) => new MemoryStore(o), 'maxSize', 'size'],
  events: [(o) => store.events(o), 'from', 'fromSeq'],
  read: [(o) => store.read(o).next(), 'toseq', 'toSeq'],
  tail: [(o) => store.tail(o).next(), 'fromSequ', 'fromSeq'],
  replay: [(o) => replay([...taskPool().journal], o), 'untill', 'until'],
  checkpointOf: [(o) => checkpointOf([...taskPool().journal], o), 'checkpoint', 'from'],
  capture: [(o) => capture(taskPool(), o), 'last', 'ended'],
  submit: [(o) => taskPool().submit(work, [], js(o)), 'key', 'unique'],
  standBy: [(o) => standBy(store as never, js({ functions, ...o })), 'create', 'begin'],
  'standBy with a function': [(o) => standBy(store as never, work, o), 'signall', 'signal'],
  metrics: [(o) => metrics([], o), 'byGroup', 'groups'],
  statistics: [(o) => statistics(o), 'group', 'groups'],
  openSession: [(o) => openSession(js(o)), 'columns', 'width'],
  'new ControlLink': [
    (o) => new ControlLink(js({ connect: 'ws://x', ...o })),
    'onstatus',
    'onStatus',
  ],
  inspectSample: [(o) => inspectSample(() => {}, o), 'evry', 'every'],
};

describe.each(Object.entries(CALLS))('%s', (_, [call, wrong, meant]) => {
  const refused = async (options: unknown) => {
    try {
      await call(options as object);
    } catch (error) {
      return error as Error;
    }
    throw new Error('it was taken');
  };

  test(`refuses ${wrong} and names ${meant}`, async () => {
    const error = await refused({ [wrong]: undefined });
    expect(error.name).toBe('TypeError');
    expect(error.message).toMatch(/^expected an option of .+, got '/);
    expect(error.message).toContain(`got '${wrong}': did you mean '${meant}'?`);
  });

  test('refuses a name like no other, and lists those there are', async () => {
    const { message } = await refused({ xyzzy: 1 });
    expect(message).toContain(`got 'xyzzy': there are `);
    expect(message).toContain(meant);
  });
});

describe('names of other libraries', () => {
  const pool = (o: object) => new TaskPool(js(o));
  const map = (o: object) => taskPool().map(work, [1], js(o));
  const submit = (o: object) => taskPool().submit(work, [], js(o));
  const simple = (o: object) => new SimpleTaskPool(work, [], js(o));

  test.each<[(options: object) => unknown, name: string, meant: string]>([
    [pool, 'intervalCap', 'limits'],
    [pool, 'interval', 'limits'],
    [pool, 'limiter', 'limits'],
    [pool, 'rateLimit', 'limits'],
    [pool, 'minTime', 'limits'],
    [pool, 'reservoir', 'limits'],
    [pool, 'maxConcurrent', 'poolSize'],
    [pool, 'timeout', 'defaults'],
    [pool, 'retries', 'defaults'],
    [map, 'retries', 'retry'],
    [map, 'expiration', 'timeout'],
    [submit, 'id', 'unique'],
    [map, 'attempts', 'retry'],
    [map, 'rateLimit', 'limits'],
    [map, 'intervalCap', 'limits'],
    [simple, 'retries', 'retry'],
    [simple, 'timeOut', 'timeout'],
  ])('%s', async (call, name, meant) => {
    const message = `got '${name}': did you mean '${meant}'?`;
    await expect(async () => call({ [name]: 1 })).rejects.toThrow(message);
  });
});

describe('an object of options', () => {
  test('is refused if a function is in its place, whatever follows', () => {
    const Pool = TaskPool as unknown as new (...args: unknown[]) => TaskPool;
    const expected = 'expected the options of new TaskPool() to be an object, got function work';
    for (const more of [[], [4], [{ poolSize: 4 }]]) {
      expect(() => new Pool(work, ...more)).toThrow(expected);
    }
  });

  test.each([null, 5, 'all', true])('is refused if it is %j', (options) => {
    const expected = /^expected the options of map\(\) to be an object, got /;
    expect(() => taskPool().map(work, [1], js(options))).toThrow(expected);
    expect(() => new TaskPool(js(options))).toThrow(TypeError);
  });

  test('is taken with what it inherits, of which nothing is refused', async () => {
    const inherited = js(Object.create({ groupName: 'mine', limit: 2 }));
    expect(taskPool().map(work, [1], inherited).name).toBe('mine');
    const controller = new AbortController();
    const got = new Queue().get(controller);
    controller.abort('enough');
    await expect(got).rejects.toBe('enough');
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'has no option named %s',
    (name) => {
      const options = Object.defineProperty({}, name, { value: 1, enumerable: true });
      expect(() => taskPool().apply(work, [], options)).toThrow(`got '${name}'`);
    },
  );

  test('is not looked through letter by letter for a name of a million letters', () => {
    const started = process.cpuUsage();
    expect(() => taskPool().apply(work, [], js({ ['x'.repeat(1e6)]: 1 }))).toThrow(TypeError);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(200);
  });
});

test('what every option is set to is still checked, and nothing was made', () => {
  const pool = taskPool();
  expect(() => pool.map(work, [1], js({ concurrency: 5 }))).toThrow(TypeError);
  expect(pool.snapshot().groups).toEqual([]);
});

test('the context of a task, or a copy of it, will do where something is waited for', async () => {
  const queue = new Queue<number>();
  const pool = taskPool();
  const group = pool.map(
    async (n: number, context) => {
      await queue.put(n, context);
      await pool.untilSizeBelow(9, { ...context });
      return await queue.get(context);
    },
    [7],
  );
  expect(await group.results()).toEqual([7]);
});

test('an option of another method is none of submit()', async () => {
  const refusal = expect(taskPool().submit(work, [], js({ lookahead: 5 }))).rejects;
  await refusal.toThrow("expected an option of submit(), got 'lookahead'");
});

test('every option that there is is taken', () => {
  const options: Required<PoolOptions> = {
    poolSize: 1,
    name: 'all',
    signal: new AbortController().signal,
    retain: 'all',
    journal: storeOver().store,
    history: { size: 10 },
    inspect: () => {},
    actors,
    logger: new Log(),
    isCancellation: () => false,
    around: (_, run) => run(),
    clock: { now: Date.now, setTimeout, clearTimeout },
    maxQueued: 5,
    aging: 1000,
    asyncContext: true,
    keepResults: true,
    defaults: { priority: 1 },
    limits: { host: { concurrent: 2 } },
    functions,
    checkpoints: { every: 5, prune: false },
  };
  expect(new TaskPool(options).name).toBe('all');
});

test('the context of a task is no list of options, though it will do as it stands', async () => {
  const pool = taskPool();
  const wait = (context: TaskContext) => taskPool().untilIdle(context);
  expect(await pool.submit(wait, [], { passContext: true })).toBeUndefined();
  expect(() => pool.untilIdle(js({ id: 1, xyzzy: 1 }))).toThrow(
    "expected an option of untilIdle(), got 'xyzzy': there are signal",
  );
});
