import { describe, expect, test } from 'vitest';
import {
  MemoryStore,
  NotAFunction,
  type PoolOptions,
  SimpleTaskPool,
  type TaskGroup,
  TaskNotFound,
  TaskPool,
} from 'xstate-taskpool';
import { thrownBy } from '../support/observing.ts';
import { simplePool, taskPool } from '../support/pools.ts';

const fn = () => 1;
type Loose = Record<string, (...args: unknown[]) => unknown>;
/** The pool as a program without types sees it. */
const loose = (pool: unknown): Loose => pool as Loose;

type ErrorClass = new (message: string) => Error;
type Case = [what: string, call: (pool: Loose) => unknown, Expected: ErrorClass];

const calls: Case[] = [
  ['apply without a function', (pool) => pool['apply']!(), NotAFunction],
  ['apply with a null', (pool) => pool['apply']!(null), NotAFunction],
  ['apply with arguments that are no array', (pool) => pool['apply']!(fn, 'ab'), TypeError],
  ['apply with a num below 0', (pool) => pool['apply']!(fn, [], { num: -1 }), RangeError],
  ['apply with half a num', (pool) => pool['apply']!(fn, [], { num: 1.5 }), RangeError],
  ['apply with an endless num', (pool) => pool['apply']!(fn, [], { num: Infinity }), RangeError],
  ['apply with NaN', (pool) => pool['apply']!(fn, [], { num: Number.NaN }), RangeError],
  ['apply with a num as text', (pool) => pool['apply']!(fn, [], { num: '2' }), TypeError],
  ...['map', 'starmap', 'doublestarmap'].flatMap((method): Case[] => [
    [`${method} without a function`, (pool) => pool[method]!({}, []), NotAFunction],
    [`${method} without items`, (pool) => pool[method]!(fn), TypeError],
    [`${method} over null`, (pool) => pool[method]!(fn, null), TypeError],
    [`${method} over a number`, (pool) => pool[method]!(fn, 5), TypeError],
    [`${method} over an array-like`, (pool) => pool[method]!(fn, { length: 1 }), TypeError],
    [`${method} 0 at a time`, (pool) => pool[method]!(fn, [], { numConcurrent: 0 }), RangeError],
    [`${method} half`, (pool) => pool[method]!(fn, [], { numConcurrent: 0.5 }), RangeError],
    [`${method} -∞`, (pool) => pool[method]!(fn, [], { numConcurrent: -Infinity }), RangeError],
    [`${method} many`, (pool) => pool[method]!(fn, [], { numConcurrent: 'many' }), TypeError],
  ]),
  ['a group name that is a number', (pool) => pool['map']!(fn, [], { groupName: 1 }), TypeError],
  ['an empty group name', (pool) => pool['map']!(fn, [], { groupName: '' }), TypeError],
  ['an endCallback', (pool) => pool['map']!(fn, [], { endCallback: 'end' }), NotAFunction],
  ['a cancelCallback', (pool) => pool['map']!(fn, [], { cancelCallback: {} }), NotAFunction],
  ['a signal of a group', (pool) => pool['map']!(fn, [], { signal: {} }), TypeError],
  [
    'a controller as signal',
    (p) => p['map']!(fn, [], { signal: new AbortController() }),
    TypeError,
  ],
  ['cancel with half an id', (pool) => pool['cancel']!(0.5), RangeError],
  ['cancel with a negative id', (pool) => pool['cancel']!(-1), RangeError],
  // A text is the key of a submission.
  ['cancel with an id as text', (pool) => pool['cancel']!('0'), TaskNotFound],
  ['cancel with true', (pool) => pool['cancel']!(true), TypeError],
  ['cancel with undefined', (pool) => pool['cancel']!(undefined), TypeError],
  ['cancel with a bad id in a list', (pool) => pool['cancel']!([0, null]), TypeError],
  ['task with an id as text', (pool) => pool['task']!('0'), TypeError],
  ['untilSizeBelow 0', (pool) => pool['untilSizeBelow']!(0), RangeError],
  ['untilSizeBelow half', (pool) => pool['untilSizeBelow']!(0.5), RangeError],
  ['untilSizeBelow without a size', (pool) => pool['untilSizeBelow']!(), TypeError],
  ['on without a handler', (pool) => pool['on']!('task.ended'), NotAFunction],
  ['on with a type there is not', (pool) => pool['on']!('task.done', fn), RangeError],
  ['gatherAndClose with no signal', (p) => p['gatherAndClose']!({ signal: 'now' }), TypeError],
];

describe('an invalid call throws at once, and nothing happens', () => {
  test.each(calls)('%s', async (_what, call, Expected) => {
    const pool = taskPool({ poolSize: 0 });
    pool.apply(fn);
    const before = pool.snapshot();

    const error = thrownBy(() => call(loose(pool)));
    expect(error).toBeInstanceOf(Expected);
    expect(error.message).toMatch(/^expected .+, got .+$/);
    expect(pool.snapshot()).toEqual(before);

    pool.poolSize = 1;
    await expect(pool.gatherAndClose()).resolves.toEqual([]);
    expect(pool.isClosed).toBe(true);
  });
});

describe('a property that is set to an invalid value throws, and keeps its value', () => {
  test.each([-1, 0.5, Number.NaN, -Infinity])('poolSize = %s', (size) => {
    const pool = taskPool({ poolSize: 3 });
    expect(() => {
      pool.poolSize = size;
    }).toThrow(
      new RangeError(`expected poolSize to be a non-negative integer or Infinity, got ${size}`),
    );
    expect(pool.poolSize).toBe(3);
  });

  test('poolSize = text', () => {
    const pool = taskPool();
    const set = () => Object.assign(pool, { poolSize: '3' });
    expect(set).toThrow(new TypeError("expected poolSize to be a number, got '3'"));
    expect(pool.poolSize).toBe(Infinity);
  });

  test.each([0, -1, 1.5, Number.NaN])('numConcurrent = %s', (limit) => {
    const group: TaskGroup<number> = taskPool({ poolSize: 0 }).map(fn, [1], { numConcurrent: 1 });
    expect(() => {
      group.numConcurrent = limit;
    }).toThrow(RangeError);
    expect(group.numConcurrent).toBe(1);
  });
});

describe('invalid options of a pool throw', () => {
  test.each<[object, ErrorClass]>([
    [{ poolSize: -1 }, RangeError],
    [{ poolSize: '1' }, TypeError],
    [{ poolSize: null }, TypeError],
    [{ name: '' }, TypeError],
    [{ name: 1 }, TypeError],
    [{ signal: {} }, TypeError],
    [{ retain: 'some' }, TypeError],
    [{ retain: -1 }, RangeError],
    [{ retain: Infinity }, RangeError],
    [{ keepResults: 5 }, TypeError],
    [{ keepResults: { maxBytes: -1 } }, RangeError],
    [{ maxQueued: 0 }, RangeError],
    [{ maxQueued: '1' }, TypeError],
    [{ inspect: 'all' }, NotAFunction],
    [{ actors: 'early' }, TypeError],
    [{ journal: { size: 0 } }, RangeError],
    [{ journal: { size: 1.5 } }, RangeError],
    [{ journal: 5 }, TypeError],
    [{ journal: null }, TypeError],
    [{ logger: {} }, TypeError],
    [{ logger: 5 }, TypeError],
  ])('%o', (options, Expected) => {
    const error = thrownBy(() => new TaskPool(options as PoolOptions));
    expect(error).toBeInstanceOf(Expected);
    expect(error.message).toMatch(/^expected .+, got .+$/);
  });

  test('a store that is no store', () => {
    expect(() => new MemoryStore({ size: -1 })).toThrow(
      new RangeError('expected size to be a positive integer or Infinity, got -1'),
    );
  });
});

describe('a SimpleTaskPool refuses', () => {
  test.each<[string, () => unknown, ErrorClass]>([
    ['what is no function', () => new SimpleTaskPool({} as never), NotAFunction],
    ['arguments that are no array', () => new SimpleTaskPool(fn, {} as never), TypeError],
    [
      'an endCallback that is none',
      () => new SimpleTaskPool(fn, [], { endCallback: 1 as never }),
      NotAFunction,
    ],
    [
      'a cancelCallback that is none',
      () => new SimpleTaskPool(fn, [], { cancelCallback: null as never }),
      NotAFunction,
    ],
    ['the options of a pool', () => new SimpleTaskPool(fn, [], { poolSize: -1 }), RangeError],
    ['to start fewer than none', () => simplePool(fn).start(-1), RangeError],
    ['to start some', () => simplePool(fn).start('some' as never), TypeError],
    ['to stop half', () => simplePool(fn).stop(0.5), RangeError],
    ['to stop nothing said', () => simplePool(fn).stop(undefined as never), TypeError],
  ])('%s', (_what, call, Expected) => {
    const error = thrownBy(call);
    expect(error).toBeInstanceOf(Expected);
    expect(error.message).toMatch(/^expected .+, got .+$/);
  });
});
