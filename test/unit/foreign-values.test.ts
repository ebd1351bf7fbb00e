/** Values of another realm: its errors are no instances of our `Error`, nor its sets of our `Set`. */

import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { ErrorData } from 'xstate-taskpool';
import { recording } from '../support/observing.ts';
import { Log, taskPool, turn, untilAborted } from '../support/pools.ts';

const context = createContext({ DOMException });
const foreign = (code: string): unknown => runInContext(code, context);

async function errorOf(thrown: unknown): Promise<ErrorData | undefined> {
  const pool = taskPool();
  const events = recording(pool);
  await pool.apply(() => Promise.reject(thrown)).settled();
  const ended = events.find(({ type }) => type === 'task.ended') as { error?: ErrorData };
  return ended.error;
}

describe('an error of another realm', () => {
  test.each([
    ['with a code', `Object.assign(new RangeError('far'), { code: 'E_FAR' })`],
    ['that is a proxy', `new Proxy(Object.assign(new RangeError('far'), { code: 'E_FAR' }), {})`],
    [
      'with a tag of its own',
      `Object.assign(new (class extends RangeError { get [Symbol.toStringTag]() { return 'Far' } })('far'), { code: 'E_FAR' })`,
    ],
    [
      'made without its constructor',
      `Object.assign(Object.create(RangeError.prototype), { message: 'far', code: 'E_FAR' })`,
    ],
  ])('%s keeps name, message and code', async (_, code) => {
    expect(await errorOf(foreign(code))).toEqual({
      name: 'RangeError',
      message: 'far',
      code: 'E_FAR',
    });
  });

  test('keeps its message as the reason of a cancellation', async () => {
    const pool = taskPool();
    const events = recording(pool);
    const group = pool.map(untilAborted, [1]);
    await turn();
    group.cancel(foreign(`new Error('enough')`));
    await pool.gatherAndClose({ returnExceptions: true });
    const reasons = events.filter(
      ({ type }) => /cancell(ed|ing)$/.test(type) && type !== 'task.cancelled',
    );
    expect(reasons).toMatchObject([
      { reason: { name: 'Error', message: 'enough' } },
      { reason: { name: 'Error', message: 'enough' } },
    ]);
  });

  test('counts as giving in to a cancellation if it is an AbortError', async () => {
    const pool = taskPool();
    const group = pool.map(
      (_: number, { signal }) => {
        return new Promise((_, reject) => {
          signal.onabort = () => reject(foreign(`new DOMException('stopped', 'AbortError')`));
        });
      },
      [1],
    );
    await turn();
    group.cancel();
    expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
  });

  test('is what a task reports, as its fields', async () => {
    const pool = taskPool();
    const events = recording(pool);
    await pool.map((_: number, { report }) => report(foreign(`new Error('half')`)), [1]).results();
    expect(events.find(({ type }) => type === 'task.progressed')).toMatchObject({
      progress: { name: 'Error', message: 'half' },
    });
  });
});

describe('a thrown value that is no error', () => {
  test.each([
    ['a plain object', `({ message: 'no' })`, { name: 'object', message: '[object Object]' }],
    ['a text', `'no'`, { name: 'string', message: 'no' }],
  ])('%s stays what it is', async (_, code, expected) => {
    expect(await errorOf(foreign(code))).toEqual(expected);
  });

  test('that is a revoked proxy still ends its task', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(await errorOf(proxy)).toEqual({ name: 'object', message: '[object]' });
  });

  test('has prototypes without end, and ends its task', async () => {
    const traps = { getPrototypeOf: () => endless() };
    const endless = (): object => new Proxy({}, traps);
    expect(await errorOf(endless())).toMatchObject({ name: 'object' });
  });

  test.each([
    ['a revoked proxy', () => revoked()],
    ['an object whose traps throw', () => new Proxy(new Error('no'), { getPrototypeOf: trap })],
  ])('%s is what tasks are cancelled with, and settled() says so', async (_, make) => {
    const reason: unknown = make();
    const pool = taskPool();
    const group = pool.apply(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await turn();
    const settled = group.settled();
    group.cancel(reason);
    const [result] = await settled;
    expect(result?.status).toBe('cancelled');
    expect(Object.is(result?.status === 'cancelled' && result.reason, reason)).toBe(true);
    await pool.gatherAndClose();
  });
});

describe('a promise of another realm', () => {
  test('that a subscriber returns and that rejects is logged, and is no unhandled rejection', async () => {
    const logger = new Log();
    const pool = taskPool({ logger });
    pool.on('pool.locked', () => foreign(`Promise.reject(new Error('late'))`));
    pool.on('pool.locked', () => ({
      // biome-ignore lint/suspicious/noThenProperty: a promise of no realm at all.
      then: (_: unknown, reject: (error: unknown) => void) => reject('later'),
    }));
    pool.lock();
    await turn();
    expect(logger.lines.map(([text, error]) => [text, String(error)]).sort()).toEqual([
      ['a subscriber of pool.locked threw', 'Error: late'],
      ['a subscriber of pool.locked threw', 'later'],
    ]);
  });

  test('is awaited where a function, a callback or a source gives one', async () => {
    const pool = taskPool();
    const source = foreign(`({
      [Symbol.asyncIterator]() {
        let next = 0;
        return { next: () => Promise.resolve({ done: next === 3, value: next++ }) };
      },
    })`) as AsyncIterable<number>;
    const calls: unknown[] = [];
    const endCallback = foreign(`(async () => { throw new Error('callback') })`) as () => unknown;
    pool.on('callback.failed', ({ error }) => void calls.push(error.message));
    const double = foreign(`(async (n) => n * 2)`) as (n: number) => Promise<number>;
    expect(await pool.map(double, source, { endCallback }).results()).toEqual([0, 2, 4]);
    await pool.gatherAndClose();
    expect(calls).toEqual(['callback', 'callback', 'callback']);
  });
});

describe('a source of another realm', () => {
  test.each(['new Set([1, 2])', 'new Map([[1, 2], [3, 4]])', '[1, 2]', 'new Uint8Array(2)'])(
    'tells how many items there will be: %s',
    (code) => {
      const group = taskPool().map(String, foreign(code) as Iterable<unknown>);
      expect(group.progress.planned).toBe(2);
    },
  );

  test('as tuples gives functions their arguments', async () => {
    const tuples = foreign('[[1, 2], [3, 4]]') as [number, number][];
    const add = (a: number, b: number) => a + b;
    expect(await taskPool().starmap(add, tuples).results()).toEqual([3, 7]);
  });
});

test.each([
  ['a Set', new Set([1, 2]), 'an object (Set)'],
  ['an iterator', { next: () => ({ done: true }) }, 'an object (Object)'],
  ['a text', 'ab', `'ab'`],
  ['nothing', undefined, 'undefined'],
])('%s in place of a tuple is refused with its index, and no other', async (_, odd, given) => {
  const calls: unknown[] = [];
  const tuples = [[0, 0], odd, [2, 2]] as [number, number][];
  const note = (...args: unknown[]) => void calls.push(args.slice(0, -1));
  const results = await taskPool()
    .starmap(note as never, tuples)
    .settled();
  expect(results).toMatchObject([
    { status: 'fulfilled' },
    { reason: new TypeError(`expected tuple 1 to be an array of arguments, got ${given}`) },
    { status: 'fulfilled' },
  ]);
  expect(calls).toEqual([
    [0, 0],
    [2, 2],
  ]);
});

test('an object that is not what its constructor says is described all the same', () => {
  const odd = {
    get constructor(): never {
      throw new Error('mine');
    },
  };
  expect(() => taskPool().apply(odd as never)).toThrow('got an object (no prototype)');
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function trap(): never {
  throw new Error('trap');
}

describe('a task that is retried ends', () => {
  const error = new Proxy(new Error('kept'), {
    defineProperty() {
      throw new Error('trap');
    },
  });

  test('whatever its error does when the attempts are added to it', async () => {
    const pool = taskPool({ poolSize: 1 });
    const group = pool.map(() => Promise.reject(error), [1, 2], { retry: { limit: 1, delay: 0 } });
    expect(await group.settled()).toMatchObject([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ]);
    await pool.gatherAndClose({ returnExceptions: true });
  });

  test.each([0, 1, 2, 3, 4])(
    'whose item throws when its `then` is read, after %i reads',
    async (n) => {
      let reads = 0;
      const item = {
        // biome-ignore lint/suspicious/noThenProperty: foreign items may have one.
        get then() {
          if (reads++ >= n) throw new Error('then');
          return undefined;
        },
      };
      const pool = taskPool({ poolSize: 1, limits: { key: { concurrent: 1 } } });
      const retry = { limit: 1, delay: 0 };
      const group = pool.map(() => Promise.reject(new Error('work')), [item, {}], { retry });
      const statuses = (await group.settled()).map(({ status }) => status);
      expect(statuses).toEqual(['rejected', 'rejected']);

      reads = 0;
      const keyed = pool.map(() => 1, [item, {}], { limits: { key: () => 'one' } });
      const [, next] = await keyed.settled();
      expect(next).toMatchObject({ status: 'fulfilled' });
      await pool.gatherAndClose({ returnExceptions: true });
    },
  );
});
