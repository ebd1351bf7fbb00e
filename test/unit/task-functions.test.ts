import { describe, expect, test } from 'vitest';
import type { TaskContext } from 'xstate-taskpool';
import { simplePool, taskPool } from '../support/pools.ts';

/** A function that says what it was called with: each argument, a context as `context <id>`. */
const seen = (...args: unknown[]): unknown[] =>
  args.map((arg) => (isContext(arg) ? `context ${arg.id}` : arg));
const isContext = (value: unknown): value is TaskContext =>
  typeof value === 'object' && value !== null && 'groupName' in value;

describe('a function gets', () => {
  test('its arguments and the context from apply', async () => {
    const pool = taskPool();
    expect(await pool.apply(seen).results()).toEqual([['context 0']]);
    expect(await pool.apply(seen, ['a', 2], { num: 2 }).results()).toEqual([
      ['a', 2, 'context 1'],
      ['a', 2, 'context 2'],
    ]);
  });

  test('one item and the context from map, also where the item is a list', async () => {
    const pool = taskPool();
    expect(await pool.map(seen, ['a', [1, 2], undefined]).results()).toEqual([
      ['a', 'context 0'],
      [[1, 2], 'context 1'],
      [undefined, 'context 2'],
    ]);
  });

  test('each item of a list and the context from starmap', async () => {
    const pool = taskPool();
    const tuples: [string, number?][] = [['a', 1], ['b']];
    expect(await pool.starmap(seen, tuples).results()).toEqual([
      ['a', 1, 'context 0'],
      ['b', 'context 1'],
    ]);
    expect(await pool.starmap(seen, [[]]).results()).toEqual([['context 2']]);
  });

  test('the object and the context from doublestarmap', async () => {
    const pool = taskPool();
    const objects = [{ x: 1, y: 2 }];
    expect(await pool.doublestarmap(seen, objects).results()).toEqual([
      [{ x: 1, y: 2 }, 'context 0'],
    ]);
    const sum = ({ x, y = 10 }: { x: number; y?: number }) => x + y;
    expect(await pool.doublestarmap(sum, [{ x: 1 }, { x: 1, y: 2 }]).results()).toEqual([11, 3]);
  });

  test('the arguments of the pool and the context from start', async () => {
    expect(await simplePool(seen, ['a', 2]).start(2).results()).toEqual([
      ['a', 2, 'context 0'],
      ['a', 2, 'context 1'],
    ]);
    expect(await simplePool(seen).start(1).results()).toEqual([['context 0']]);
  });

  test('no this', async () => {
    const self = async function (this: unknown): Promise<unknown> {
      return this;
    };
    expect(await taskPool().apply(self).results()).toEqual([undefined]);
  });

  test('the values of async sources', async () => {
    async function* tuples(): AsyncGenerator<[number, number]> {
      yield [1, 2];
      yield [3, 4];
    }
    const sums = taskPool().starmap((a: number, b: number) => a + b, tuples());
    expect(await sums.results()).toEqual([3, 7]);
  });
});

describe('passContext: false', () => {
  const options = { passContext: false } as const;

  test('counts for its call alone, also if another call has the same function', async () => {
    const pool = taskPool();
    const count = (...args: unknown[]) => args.length;
    const lengths: number[][] = [];
    for (const each of [{}, options, {}]) lengths.push(await pool.map(count, [1], each).results());
    expect(lengths).toEqual([[2], [1], [2]]);
  });

  test('leaves the context out, from every method', async () => {
    const pool = taskPool();
    expect(await pool.apply(seen, ['a'], options).results()).toEqual([['a']]);
    expect(await pool.map(seen, ['a'], options).results()).toEqual([['a']]);
    expect(await pool.starmap(seen, [['a', 'b']], options).results()).toEqual([['a', 'b']]);
    expect(await pool.doublestarmap(seen, [{ a: 1 }], options as object).results()).toEqual([
      [{ a: 1 }],
    ]);
  });

  test('serves functions that mind one argument more', async () => {
    const pool = taskPool();
    const group = pool.map(Number.parseInt, ['10', '11'], options);
    expect(await group.results()).toEqual([10, 11]);
  });
});

describe('which functions get a context is no secret to them', () => {
  const context = 'context 0';
  const first = [1, context];
  test.each<[string, (...args: never[]) => unknown, unknown]>([
    ['a parameter', (n: number, c: TaskContext) => seen(n, c), first],
    ['the rest', (...args: unknown[]) => seen(...args), first],
    ['a default', (n: number, c: unknown = 'none') => seen(n, c), first],
    ['destructuring', (n: number, { id }: TaskContext) => [n, `context ${id}`], first],
    ['bind', (seen as (...args: unknown[]) => unknown).bind(null), first],
    ['nothing', (n: number) => [n], [1]],
  ])('through %s', async (_what, fn, result) => {
    const pool = taskPool();
    expect(await pool.map(fn as (n: number) => unknown, [1]).results()).toEqual([result]);
  });

  test('not by their length, which may be set to anything', async () => {
    const fn = Object.defineProperty((n: number, c?: TaskContext) => seen(n, c), 'length', {
      value: 0,
    });
    expect(await taskPool().map(fn, [1]).results()).toEqual([[1, 'context 0']]);
  });
});

describe('a tuple that is too long for the context', () => {
  const untyped = (fn: (a: never, b: never, context: TaskContext) => unknown) => fn as never;

  test.each(['plain', 'around'])('is refused with its index, %s', async (way) => {
    const pool = taskPool(way === 'around' ? { around: (_, run) => run() } : {});
    const idOf = untyped(async (_a, _b, context) => context.id);
    const tuples = [
      [1, 2],
      [1, 2, 3],
      [3, 4],
      [1, 2, 3, 4],
    ];
    const group = pool.starmap(idOf, tuples as never);
    expect(await group.settled()).toMatchObject([
      { status: 'fulfilled', value: 0 },
      {
        status: 'rejected',
        reason: { name: 'TypeError', message: expect.stringMatching(/^expected tuple 1 .* 3 par/) },
      },
      { status: 'fulfilled', value: 2 },
      {
        status: 'rejected',
        reason: { name: 'TypeError', message: expect.stringMatching(/^expected tuple 3 /) },
      },
    ]);
  });

  test('is none for functions that take no context, or any number of arguments', async () => {
    const pool = taskPool();
    const pairs = [
      ['a', 1],
      ['b', 2],
    ];
    const first = (name: unknown) => name;
    expect(await pool.starmap(first as never, pairs as never).results()).toEqual(['a', 'b']);
    const sum = (...args: unknown[]) => args.slice(0, -1).length;
    expect(await pool.starmap(sum as never, [[1], [1, 2], [1, 2, 3]] as never).results()).toEqual([
      1, 2, 3,
    ]);
    const or = (a: number, b = 5) => [a, typeof b];
    expect(await pool.starmap(or as never, [[1], [1, 2]] as never).results()).toEqual([
      [1, 'object'],
      [1, 'number'],
    ]);
  });

  test('is none without a context', async () => {
    const pool = taskPool();
    const fn = (a: unknown, b: unknown) => [a, b];
    const tuples = [[1], [1, 2], [1, 2, 3]];
    const group = pool.starmap(fn as never, tuples as never, { passContext: false } as never);
    expect(await group.results()).toEqual([
      [1, undefined],
      [1, 2],
      [1, 2],
    ]);
  });
});
