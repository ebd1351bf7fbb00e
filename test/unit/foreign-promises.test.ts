/** What functions return belongs to somebody else. Whatever it does, a pool treats it as `await` does. */

import { describe, expect, test } from 'vitest';
import type { TaskGroup, TaskPool } from 'xstate-taskpool';
import { Log, taskPool, turn, untilAborted } from '../support/pools.ts';

type Then = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void;

/** An object with a property of its own. */
const own = <T extends object>(object: T, key: string, value: unknown): T =>
  Object.defineProperty(object, key, { value });
const native = (key: string, value: unknown) => own(Promise.resolve('value'), key, value);
const thenable = (then: Then): object => own({}, 'then', then);
const throws = (): never => {
  throw new Error('own then');
};
const twice = (resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
  resolve('value');
  resolve('again');
  reject(new Error('too late'));
  throws();
};

class Late extends Promise<unknown> {}
own(Late.prototype, 'then', throws);

class Strange extends Promise<unknown> {
  static override get [Symbol.species](): never {
    return throws();
  }
}

/** By name: how to make a value, afresh for each use. */
const values: Record<string, () => unknown> = {
  'a promise with a then that throws': () => native('then', throws),
  'a promise with a then that never answers': () => native('then', () => {}),
  'a promise with a then that answers twice': () => native('then', twice),
  'a promise with a then that is no function': () => native('then', 5),
  'a promise with a catch and a finally that throw': () =>
    own(native('catch', throws), 'finally', throws),
  'a promise with a constructor that is none': () => native('constructor', 5),
  'a promise with a constructor that cannot be read': () =>
    Object.defineProperty(Promise.resolve('value'), 'constructor', { get: throws }),
  'a rejected promise with a then and a catch that do nothing': () =>
    own(
      own(Promise.reject(new Error('no')), 'then', () => {}),
      'catch',
      () => {},
    ),
  'a promise of a subclass whose then throws': () => Late.resolve('value'),
  'a promise of a subclass whose species cannot be read': () => Strange.resolve('value'),
  'an object that only inherits from a promise': () => Object.create(Promise.prototype),
  'a proxy of a promise': () => new Proxy(Promise.resolve('value'), {}),
  'a thenable that answers twice': () => thenable(twice),
  'a thenable that throws': () => thenable(throws),
  'a thenable that rejects, then resolves': () =>
    thenable((resolve, reject) => {
      reject(new Error('no'));
      resolve('value');
    }),
  'a thenable whose then cannot be read': () => Object.defineProperty({}, 'then', { get: throws }),
  'a function with a then': () => own(() => {}, 'then', twice),
  'a thenable of a thenable': () => thenable((resolve) => resolve(thenable(twice))),
};

async function awaited(value: unknown): Promise<object> {
  try {
    return { status: 'fulfilled', value: await value };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

describe.each(Object.entries(values))('%s', (_, make) => {
  test('is the result that it is for await', async () => {
    const pool = taskPool({ poolSize: 1 });
    const results = await pool.apply(() => make(), [], { num: 2 }).settled();
    const expected = await awaited(make());
    expect(results).toMatchObject([expected, expected]);
    await pool.gatherAndClose({ returnExceptions: true });
    expect(pool.totals).toMatchObject({ created: 2, started: 2 });
  });

  test('is the result of a call of submit that it is for await', async () => {
    const pool = taskPool({ poolSize: 1 });
    const retry = { limit: 1, delay: 0 };
    const calls = [pool.submit(() => make()), pool.submit(() => make(), [], { retry })];
    const results = await Promise.allSettled(calls);
    const expected = await awaited(make());
    expect(results).toMatchObject([expected, expected]);
    await pool.gatherAndClose();
  });

  test('is awaited as the answer of callbacks, subscribers, loggers and sources', async () => {
    const log = new Log();
    const logger = {
      info: () => make() as undefined,
      error: (...data: unknown[]) => {
        log.error(...data);
        return make() as undefined;
      },
    };
    const pool = taskPool({ logger });
    pool.on('task.started', () => make());
    const items = {
      [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }), return: make }),
    };
    const asyncItems = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: make,
      }),
    };
    const callbacks = { endCallback: () => make(), cancelCallback: () => make() };
    const work = async (_: unknown, { log }: { log: (text: string) => void }) => {
      log('called');
      await turn();
    };
    const groups = [items, asyncItems].map((source) => pool.map(work, source as never, callbacks));
    await turn();
    for (const group of groups) group.cancel();
    await pool.gatherAndClose({ returnExceptions: true });
    await turn();
    const { status } = (await awaited(make())) as { status: string };
    const said = new Set(log.lines.map(([text]) => String(text).replace(/task \d+/, 'a task')));
    const complaints = ['a subscriber of task.started threw', 'the end callback of a task threw'];
    expect(said).toEqual(new Set(status === 'rejected' ? complaints : []));
  });
});

test('functions that throw at once do not nest', async () => {
  const pool = taskPool({ poolSize: 1 });
  const group = pool.apply(throws, [], { num: 5_000 });
  await group.settled();
  expect(pool.totals).toMatchObject({ rejected: 5_000 });
});

describe('a promise that rejects, where none is wanted,', () => {
  const rejects = (async () => {
    throw new Error('unheard');
  }) as () => never;
  const fail = () => {
    throw new Error('failed');
  };

  test.each<[string, (pool: TaskPool) => TaskGroup<unknown>]>([
    ['retry.when', (pool) => pool.apply(fail, [], { retry: { limit: 1, when: rejects } })],
    ['a key', (pool) => pool.map(fail, [1], { limits: { all: rejects } })],
  ])('is refused as %s, and is no unhandled rejection', async (_, call) => {
    const log = new Log();
    const pool = taskPool({ logger: log, limits: { all: { concurrent: 1 } } });
    const [result] = await call(pool).settled();
    expect(result?.status).toBe('rejected');
    await turn();
  });

  test('is refused as isCancellation, and is no unhandled rejection', async () => {
    const log = new Log();
    const pool = taskPool({ logger: log, isCancellation: rejects });
    const group = pool.apply((context) => untilAborted(context).catch(fail));
    await turn();
    group.cancel();
    const [result] = await group.settled();
    expect(result?.status).toBe('rejected');
    expect(String(log.lines[0])).toContain('isCancellation failed for task 0');
  });

  test('is logged as the answer of an inspector', async () => {
    const log = new Log();
    const pool = taskPool({ logger: log, inspect: rejects });
    await pool.apply(() => 1).results();
    await turn();
    expect(String(log.lines[0])).toMatch(/^an inspector threw at @xstate\.actor/);
  });
});
