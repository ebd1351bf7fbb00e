import { describe, expect, test } from 'vitest';
import type { TaskContext } from 'xstate-taskpool';
import { eventsOf, rejectionOf } from '../support/observing.ts';
import { Gate, Log, taskPool, turn, untilAborted } from '../support/pools.ts';

/** The context of a task that runs until it is aborted. */
async function contextOf(pool = taskPool({ name: 'mine' })) {
  const group = pool.apply(
    async (context) => {
      contexts.push(context);
      await untilAborted(context);
    },
    [],
    { groupName: 'theirs' },
  );
  const contexts: TaskContext[] = [];
  await turn();
  return { pool, group, context: contexts[0] as TaskContext };
}

describe('the context', () => {
  test('says who the task is', async () => {
    const { pool, context } = await contextOf();
    expect(Object.keys(context).sort()).toEqual(
      [
        'signal',
        'id',
        'index',
        'attempt',
        'groupName',
        'functionName',
        'poolName',
        'report',
        'log',
      ].sort(),
    );
    expect(context).toMatchObject({
      id: 0,
      index: 0,
      attempt: 1,
      groupName: 'theirs',
      poolName: 'mine',
      signal: { aborted: false },
    });
    pool.cancelAll();
  });

  test('has names that no bag of options of the platform reads, but the signal', async () => {
    const { pool, context } = await contextOf();
    const platform = [
      'method',
      'body',
      'headers',
      'mode',
      'cache',
      'credentials',
      'encoding',
      'flag',
      'timeout',
      'cwd',
      'env',
      'shell',
      'stdio',
      'agent',
      'host',
      'port',
      'path',
      'ref',
      'once',
      'window',
      'duplex',
      'killSignal',
      'maxBuffer',
      'recursive',
      'force',
      'priority',
    ];
    expect(Object.keys(context).filter((key) => platform.includes(key))).toEqual([]);
    pool.cancelAll();
  });

  test('has one signal, made when it is looked at', async () => {
    const { pool, context } = await contextOf();
    expect(context.signal).toBe(context.signal);
    expect(context.signal).toBeInstanceOf(AbortSignal);
    pool.cancelAll();
    expect(context.signal.aborted).toBe(true);
  });

  test.each<[string, (context: TaskContext) => { readonly signal: AbortSignal }]>([
    ['spread', (context) => ({ ...context })],
    ['Object.assign', (context) => Object.assign({ signal: undefined as never }, context)],
    ['destructured', ({ signal, ...rest }) => ({ ...rest, signal })],
    ['inherited from', (context) => Object.create(context)],
    ['inherited from twice', (context) => Object.create(Object.create(context))],
    ['spread later', (context) => ({ ...Object.create(context), ...context })],
  ])('keeps its signal when it is %s', async (_how, copyOf) => {
    const { pool, group, context } = await contextOf();
    const copy = copyOf(context);
    expect(copy.signal).toBe(context.signal);
    group.cancel('why');
    expect(copy.signal).toMatchObject({ aborted: true, reason: 'why' });
    await pool.gatherAndClose();
  });

  test('that was copied before its signal was looked at aborts as well', async () => {
    const { pool, context } = await contextOf(taskPool());
    const copy = { ...context, extra: 1 };
    pool.cancelAll('why');
    expect(copy.signal.reason).toBe('why');
    expect(copy).toMatchObject({ id: 0, extra: 1 });
  });

  test('serves as the options of functions of the platform', async () => {
    const asked: [string, AbortSignal | undefined][] = [];
    // As fetch does, it reads the options at once, and rejects with the reason of the signal.
    const fetchLike = async (url: string, init?: { signal?: AbortSignal }): Promise<string> => {
      const { signal } = { ...init };
      asked.push([url, signal]);
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason)),
      );
    };
    const pool = taskPool();
    const group = pool.map(fetchLike, ['a', 'b'], { numConcurrent: 2 });
    await turn();
    group.cancel('why');
    expect(await rejectionOf(group.results())).toBe('why');
    expect(pool.totals.cancelled).toBe(2);
    expect(asked.map(([url, signal]) => [url, signal?.reason])).toEqual([
      ['a', 'why'],
      ['b', 'why'],
    ]);
  });
});

describe('report', () => {
  test('records any JSON value as progress', async () => {
    const values = [0.5, 'half', true, null, { done: [1, 2] }, []];
    const pool = taskPool();
    await pool.apply(({ report }) => values.forEach((value) => void report(value))).results();
    expect(eventsOf(pool, 'task.progressed')).toEqual(
      values.map((progress) => ({ type: 'task.progressed', id: 0, progress })),
    );
  });

  test.each<[unknown, unknown]>([
    [undefined, 'undefined'],
    [Number.NaN, null],
    [Infinity, null],
    [10n, '10'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Error('bad'), { name: 'Error', message: 'bad' }],
    [new Map([[1, 2]]), {}],
    [{ a: undefined, b: () => 1, c: 1 }, { c: 1 }],
    [{ toJSON: () => 'mine' }, 'mine'],
    [Symbol('odd'), 'Symbol(odd)'],
    [
      {
        toJSON: () => {
          throw new Error();
        },
      },
      '[object Object]',
    ],
  ])('makes plain data of %o', async (value, progress) => {
    const pool = taskPool();
    await pool.apply(({ report }) => report(value)).results();
    expect(pool.task(0).progress).toEqual(progress);
  });

  test('takes a value that contains itself as its text', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const pool = taskPool();
    await pool.apply(({ report }) => report(cycle)).results();
    expect(pool.task(0).progress).toBe('[object Object]');
  });

  test('is heard while the task unwinds, and not after its end', async () => {
    const unwound = new Gate();
    const pool = taskPool();
    let late: (() => void) | undefined;
    const group = pool.apply(async (context) => {
      late = () => context.report('late');
      await untilAborted(context).catch(() => context.report('unwinding'));
      await unwound.promise;
    });
    await turn();
    pool.cancel(0);
    await turn();
    expect(pool.task(0).progress).toBe('unwinding');
    unwound.resolve();
    await group.settled();
    late?.();
    expect(pool.task(0).progress).toBe('unwinding');
    expect(eventsOf(pool, 'task.progressed')).toHaveLength(1);
  });

  test('is not heard between cancellation and end', async () => {
    const callback = new Gate();
    const pool = taskPool();
    let late: (() => void) | undefined;
    const work = (context: TaskContext) => {
      late = () => context.report('late');
      return untilAborted(context);
    };
    pool.apply(work, [], { cancelCallback: () => callback.promise });
    await turn();
    pool.cancel(0);
    await turn();
    late?.();
    expect(eventsOf(pool, 'task.progressed')).toEqual([]);
    callback.resolve();
  });
});

test('log writes to the logger, with the names of pool and task', async () => {
  const logger = new Log();
  const pool = taskPool({ logger, name: 'mine' });
  await pool.map((n: number, { log }) => log('item', { n }), [7]).results();
  expect(logger.lines).toEqual([['mine task 0:', 'item', { n: 7 }]]);
});

test('a logger keeps its this', async () => {
  class Counting {
    count = 0;
    info(): void {
      this.count++;
    }
    error(): void {}
  }
  const logger = new Counting();
  await taskPool({ logger })
    .apply(({ log }) => log('x'))
    .results();
  expect(logger.count).toBe(1);
});
