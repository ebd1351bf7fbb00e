/** Values of any size, some without an end: what events, messages and packed errors take of them is limited. */

import { describe, expect, test } from 'vitest';
import { type ErrorData, type PoolEvent, TaskPool } from 'xstate-taskpool';
import { keepable } from '../../src/pool/storing/storing.ts';
import { packError } from '../../src/remote/errors.ts';
import { cannotTravel, survivesJson } from '../../src/remote/travel.ts';
import { recording } from '../support/observing.ts';
import { taskPool, turn, untilAborted } from '../support/pools.ts';

const LONG = 'x'.repeat(1_000_000);

/** An array of this length, and how many of its elements were read. */
function counted(length: number): { array: unknown[]; reads: () => number } {
  let count = 0;
  const array = new Proxy(new Array(length).fill('some'), {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++;
      return Reflect.get(target, key, receiver);
    },
  });
  return { array, reads: () => count };
}

/** An error whose cause, or whose errors, are new ones each time that they are read. */
function endless(parts: number): { error: Error; made: () => number } {
  let count = 0;
  const make = (): Error => {
    count++;
    const error = new AggregateError([], 'endless');
    Object.defineProperty(error, 'cause', { get: make });
    if (parts > 0) {
      Object.defineProperty(error, 'errors', { get: () => Array.from({ length: parts }, make) });
    }
    return error;
  };
  return { error: make(), made: () => count };
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function errorsOf(events: readonly PoolEvent[]): (ErrorData | undefined)[] {
  return events.flatMap((event) => ('error' in event ? [event.error] : []));
}

describe('events hold', () => {
  test('the beginning of a long message, name and code', async () => {
    const pool = taskPool();
    const events = recording(pool);
    const error = Object.assign(new Error(LONG), { name: LONG, code: LONG });
    const [result] = await pool.apply(() => Promise.reject(error)).settled();
    expect(result).toMatchObject({ reason: error });
    expect(error.message).toBe(LONG);
    const cut = `${'x'.repeat(65_535)}…`;
    expect(errorsOf(events)).toEqual([{ name: cut, message: cut, code: cut }]);
  });

  test('the beginning of a long text that was thrown, or is a reason', async () => {
    const pool = taskPool();
    const events = recording(pool);
    const group = pool.map(untilAborted, [1]);
    await turn();
    group.cancel(LONG);
    await pool.apply(() => Promise.reject(LONG)).settled();
    const cut = `${'x'.repeat(65_535)}…`;
    expect(errorsOf(events)).toEqual([{ name: 'string', message: cut }]);
    const reasons = events.flatMap((event) => ('reason' in event ? [event.reason] : []));
    expect(reasons).toEqual([LONG, LONG]);
  });

  test('the beginning of a long report', async () => {
    const pool = taskPool();
    const events = recording(pool);
    const longest = 'x'.repeat(1_048_576);
    await pool.map((text: string, { report }) => report(text), [longest, `${longest}x`]).settled();
    const progress = events.flatMap((event) => ('progress' in event ? [event.progress] : []));
    expect(progress.map((text) => String(text).length)).toEqual([1_048_576, 1_048_576]);
    expect(progress[0]).toBe(longest);
  });

  test('of large values what they are, without reading all of them', async () => {
    const { array, reads } = counted(1_000_000);
    const pool = taskPool();
    const events = recording(pool);
    const group = pool.map(
      (_: number, { report }) => {
        report(array);
        return Promise.reject(array);
      },
      [1],
    );
    await group.settled();
    const large = '[object]';
    expect(errorsOf(events)).toEqual([{ name: 'object', message: large }]);
    const progress = events.flatMap((event) => ('progress' in event ? [event.progress] : []));
    expect(progress).toEqual([large]);
    expect(reads()).toBeLessThan(200_000);
  });

  test.each([
    ['a typed array', new Uint8Array(20_000_000), '[object]'],
    ['one in an object', { bytes: new Float64Array(2_000_000) }, '[object Object]'],
  ])('of %s what it is, without a list of its elements', async (_, value, text) => {
    const pool = taskPool();
    const events = recording(pool);
    const group = pool.map((_: number, { report }) => report(value), [1]);
    const before = process.memoryUsage().heapUsed;
    await group.settled();
    const grown = process.memoryUsage().heapUsed - before;
    const progress = events.flatMap((event) => ('progress' in event ? [event.progress] : []));
    expect(progress).toEqual([text]);
    // Each key would take 16 bytes at the least.
    expect(grown).toBeLessThan(100_000_000);
  });

  test('what JSON makes of values that are not too large', async () => {
    const pool = taskPool();
    const events = recording(pool);
    const values = [{ done: 1, of: [2, 'three', null] }, nested(500), new Date(0), -0, true, null];
    await pool.map((value: unknown, { report }) => report(value), values).settled();
    const progress = events.flatMap((event) => ('progress' in event ? [event.progress] : []));
    expect(progress).toEqual(JSON.parse(JSON.stringify(values)));
  });
});

describe('errors without an end', () => {
  test.each([0, 1, 2, 200])('are no abort, with %i errors in each', async (parts) => {
    const { error, made } = endless(parts);
    const pool = taskPool();
    const group = pool.map(
      (_: number, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(error))),
      [1],
    );
    await turn();
    group.cancel();
    expect(await group.settled()).toMatchObject([{ status: 'rejected' }]);
    expect(made()).toBeLessThan(1_000);
  });

  test('that are there count as aborts if all are', async () => {
    const abort = () => new DOMException('over', 'AbortError');
    const error = new AggregateError(
      Array.from({ length: 3_000 }, () => new Error('failed', { cause: abort() })),
    );
    const pool = taskPool();
    const group = pool.map(
      (_: number, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(error))),
      [1],
    );
    await turn();
    group.cancel();
    expect(await group.settled()).toMatchObject([{ status: 'cancelled' }]);
  });

  test.each([0, 1, 2, 200])('travel in part, with %i errors in each', (parts) => {
    const { error, made } = endless(parts);
    expect(packError(error)).toMatchObject({ message: 'endless', cause: { message: 'endless' } });
    expect(made()).toBeLessThan(5_000);
  });
});

describe('what travels of errors is limited', () => {
  test('in characters, whatever there is in them', () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, LONG]));
    const errors = Array.from({ length: 200 }, () => Object.assign(new Error(LONG), fields));
    const packed = packError(new AggregateError(errors, LONG));
    expect(JSON.stringify(packed).length).toBeLessThan(2_000_000);
  });

  test('and an array of errors with methods of its own is read all the same', () => {
    const errors = Object.assign([new Error('one')], {
      slice() {
        throw new Error('sliced');
      },
    });
    const packed = packError(Object.assign(new AggregateError([]), { errors }));
    expect(packed).toMatchObject({ errors: [{ message: 'one' }] });
  });
});

test('what cannot travel is said of values that are nested however deeply, or have no end', () => {
  const deep = nested(100_000);
  expect(survivesJson(deep)).toBe(false);
  for (const way of ['clone', 'json'] as const) {
    expect(cannotTravel(way, [deep, () => 1], 'arguments').message).toMatch(/^expected arguments/);
  }
  const sparse: unknown[] = [];
  sparse.length = 4_000_000_000;
  expect(cannotTravel('clone', [sparse, () => 1], 'arguments').path).toMatch(/^arguments/);
});

test('a result that is too large to be kept is not read to its end', () => {
  const { array, reads } = counted(1_000_000);
  expect(keepable(array, 1_000)).toBeUndefined();
  expect(reads()).toBeLessThan(1_000);
  expect(keepable(['some', 'more'], 1_000)).toEqual(['some', 'more']);
});

test('a name in a message is the beginning of what was given', () => {
  const pool = new TaskPool();
  const { array, reads } = counted(1_000_000);
  expect(() => pool.group(array as never)).toThrow(/got/);
  expect(() => pool.on(array as never, () => {})).toThrow(/got/);
  expect(reads()).toBeLessThan(1_000);
  expect(() => pool.map(Symbol(LONG) as never, [])).toThrow(/^.{1,300}$/);
});
