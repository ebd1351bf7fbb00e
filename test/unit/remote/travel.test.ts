/** What can be sent to where a function runs: where it cannot, the path says which part. */

import { expect, test } from 'vitest';
import { CannotTravel } from 'xstate-taskpool';
import { cannotTravel, checkJson } from '../../../src/remote/travel.ts';

test.each([
  [[{ headers: { on: () => 1 } }], 'arguments[0].headers.on', 'function on'],
  [[new Map([['a', Symbol('s')]])], 'arguments[0].get(a)', 'Symbol(s)'],
  [[{ 'not a name': [1, new WeakMap()] }], 'arguments[0]["not a name"][1]', 'an object (WeakMap)'],
  [[new Promise(() => {})], 'arguments[0]', 'an object (Promise)'],
  [[Object.assign([1], { on: () => 1 })], 'arguments[0].on', 'function on'],
])('of %o it is %s that no clone takes', (value, path, kind) => {
  const error = cannotTravel('clone', value, 'arguments');
  expect(error).toBeInstanceOf(CannotTravel);
  expect(error).toMatchObject({ path, code: 'CannotTravel' });
  expect(error.message).toBe(
    `expected ${path} to be something that can be cloned for a thread, got ${kind}`,
  );
});

test.each([
  [{ at: new Date(0) }, 'the result.at', 'an object (Date)'],
  [[1, [undefined]], 'the result[1][0]', 'undefined'],
  [{ n: Number.NaN }, 'the result.n', 'NaN'],
  [{ n: -0 }, 'the result.n', '-0'],
  [10n, 'the result', '10n'],
  [new Uint8Array(2), 'the result', 'an object (Uint8Array)'],
  [[Object.assign([1], { index: 2 })], 'the result[0].index', 'a field of an array'],
  [Object.assign([], { 'not a name': 1 }), 'the result["not a name"]', 'a field of an array'],
  [new Array(2), 'the result[0]', 'undefined'],
])('of %o it is %s that JSON loses', (value, path, kind) => {
  expect(() => checkJson(value, 'the result')).toThrow(
    `expected ${path} to be something that survives JSON unchanged, got ${kind}`,
  );
});

test('JSON loses nothing of what is plain, however often a part of it occurs', () => {
  const part = { a: [1, null, 'x', true] };
  expect(() => checkJson([part, part, Object.create(null)], 'the result')).not.toThrow();
  const circle: unknown[] = [];
  circle.push(circle);
  expect(() => checkJson(circle, 'it')).toThrow('expected it[0] to be something');
});
