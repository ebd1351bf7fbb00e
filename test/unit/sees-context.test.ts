/**
 * A function for which no context is made must have no way to see one. Each function here gives
 * the argument at an index back if it can; what it can see is tried out by calling it.
 */

import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { visibleArguments } from '../../src/pool/functions/sees-context.ts';
import { taskPool } from '../support/pools.ts';

type AnyFn = (...args: never[]) => unknown;

/** Evaluates an expression as a script does: in sloppy mode, unless it says otherwise. */
const sloppy = (text: string): AnyFn => runInThisContext(`(${text})`);
const strict = (text: string): AnyFn =>
  runInThisContext(`(() => { 'use strict'; return ${text}; })()`);
/** The member `m` of an object or a class that is written like this. */
const member = (text: string): AnyFn => (strict(text) as unknown as { m: AnyFn }).m;

/** Functions of one parameter that look at nothing else: these need no context. */
const blind: string[] = [
  '(a) => a',
  'a => a',
  'a=>a',
  'a  =>\n a',
  '$ => $',
  '_ => { return _; }',
  'async (a) => a',
  'async a => a',
  'async a=>a',
  'async => async',
  'async  (a,) => a',
  '(\n  a\n) => a',
  'function (a) { return a; }',
  'function(a){return a}',
  'function named(a) { return a; }',
  'function $(a) {}',
  'async function (a) { return a; }',
  'async  function  f  ( a ) { return a; }',
  '{ m(a) { return a; } }.m',
  '{ m: (a) => a }.m',
  '{ async m(a) { return a; } }.m',
  '{ async(a) { return a; } }.async',
  '{ function(a) { return a; } }.function',
  '{ get(a) { return a; } }.get',
  '{ set(a) { return a; } }.set',
  '{ static(a) { return a; } }.static',
  '{ await(a) { return a; } }.await',
  '{ 1(a) { return a; } }[1]',
  'class { static m(a) { return a; } }.m',
  'new (class { m(a) { return a; } })().m',
  'new (class { m = (a) => a; })().m',
  "new Function('a', '\"use strict\"; return a')",
];

/** Functions of one named parameter, or none, that see a second argument: the index is 1. */
const seeing: string[] = [
  '(a, b) => b',
  '(a,b)=>b',
  'async (a, b) => b',
  'function (a, b) { return b; }',
  'async function (a, b) { return b; }',
  'function (a, b,) { return b; }',
  '(a, ...rest) => rest[0]',
  '(...all) => all[1]',
  'function (...all) { return all[1]; }',
  '(a, b = 1) => b',
  '(a = 0, b) => b',
  '(a, { ...b }) => b.me',
  '(a, [b]) => b',
  'function (a) { return arguments[1]; }',
  'function (a) { return (() => arguments[1])(); }',
  'function () { return arguments[1]; }',
  'function (a) { return \\u0061rguments[1]; }',
  'function (a) { return \\u{61}rguments[1]; }',
  "function (a) { return eval('argu' + 'ments[1]'); }",
  "function (a) { return \\u0065val('argu' + 'ments[1]'); }",
  "async function (a) { return eval('argu' + 'ments[1]'); }",
  'function/*(*/(a, b) { return b; }',
  'function /* (a) { */ (a, b) { return b; }',
  'function (a /*) {*/, b) { return b; }',
  '(a /*) =>*/, b) => b',
  '(a, // ) => {\n b) => b',
  '/**/(a, b) => b',
  'async /* a => */ (a, b) => b',
  'ä => ä',
  '(ä, ö) => ö',
  'function ƒ(a, b) { return b; }',
  '(\\u0061, \\u0062) => b',
  'function* (a, b) { return b; }',
  'async function* (a, b) { yield b; }',
  '{ *m(a, b) { return b; } }.m',
  '{ async *m(a, b) { yield b; } }.m',
  "{ 'm'(a, b) { return b; } }.m",
  "{ ['m'](a, b) { return b; } }.m",
  "{ [((a) => 'm')()](a, b) { return b; } }.m",
  '{ async(a, b) { return b; } }.async',
  '{ async async(a, b) { return b; } }.async',
  '{ function(a, b) { return b; } }.function',
  '{ async function(a, b) { return b; } }.function',
  '{ get(a, b) { return b; } }.get',
  '{ m(a) { return arguments[1]; } }.m',
  'Object.getOwnPropertyDescriptor({ set m(a) { arguments[1]; } }, "m").set',
  'Object.getOwnPropertyDescriptor({ get m() { return arguments[1]; } }, "m").get',
  'class { static m(a) { return arguments[1]; } }.m',
  'class { static async m(a) { return arguments[1]; } }.m',
  'class { static #p(a, b) { return b; } static m = this.#p; }.m',
  'class { constructor(a) {} }',
  'class{constructor(a){}}',
  '(function (a) { return arguments[1]; }).bind(null)',
  '((a, b) => b).bind(null)',
  'Math.max',
  'new Proxy((a, b) => b, {})',
  'new Proxy((a) => a, { apply: (target, self, args) => args[1] })',
  "new Function('a', 'b', 'return b')",
  "new Function('a, b', 'return b')",
  "new Function('a', 'return arguments[1]')",
  "new Function('...all', 'return all[1]')",
  "new Function('/*', '*/a, b', 'return b')",
  "Object.defineProperty((a, b) => b, 'length', { value: 0 })",
  "Object.defineProperty(function (a, b) { return b; }, 'length', { value: 1 })",
  "Object.defineProperty((a, b) => b, 'toString', { value: () => 'a => a' })",
  "Object.setPrototypeOf((a, b) => b, { toString: () => 'a => a' })",
];

describe('needs no context:', () => {
  test.each(blind)('%s', (text) => {
    expect(visibleArguments(strict(text))).toBe(1);
  });

  test('a function without parameters', () => {
    for (const text of [
      '() => 1',
      '()=>1',
      'async () => 1',
      'function () {}',
      'function f( ) {}',
    ]) {
      expect(visibleArguments(strict(text))).toBe(0);
    }
  });

  test('a function whose context would come after its parameters', () => {
    expect(visibleArguments(strict('(a, b, c,) => 1'))).toBe(3);
  });
});

describe('may see a second argument:', () => {
  test.each(seeing)('%s', (text) => {
    expect(visibleArguments(strict(text))).toBeGreaterThan(1);
  });

  test.each(seeing)('%s, in sloppy mode', (text) => {
    expect(visibleArguments(sloppy(text))).toBeGreaterThan(1);
  });

  test('the arguments of a sloppy function, which other functions see as well', () => {
    const fn = sloppy(`(() => {
      function f(a) { return look(); }
      function look() { return f['argu' + 'ments'][1]; }
      return f;
    })()`);
    expect((fn as (...args: unknown[]) => unknown)(0, 'seen')).toBe('seen');
    expect(visibleArguments(fn)).toBe(Infinity);
  });

  test('a function that comes with a text that is not its source', () => {
    // So do engines that run bytecode.
    const original = Function.prototype.toString;
    const texts = ['function f(a0) { [bytecode] }', 'function f(a0) {\n    [native code]\n}', ''];
    for (const text of texts) {
      Function.prototype.toString = () => text;
      try {
        expect(visibleArguments((_a: number) => 1)).toBe(Infinity);
      } finally {
        Function.prototype.toString = original;
      }
    }
  });
});

test('a member is judged by what it is, not by how it was got', () => {
  expect(visibleArguments(member('{ get m() { return (a) => a; } }'))).toBe(1);
  expect(visibleArguments(member('{ get m() { return (a, b) => b; } }'))).toBe(2);
});

test('the answer is the same when asked again', () => {
  const fn = (a: number, b: number): number => a + b;
  expect([visibleArguments(fn), visibleArguments(fn)]).toEqual([2, 2]);
});

/** Those that give back what they see without more ado. */
const returning = seeing.filter((text) => {
  const probe = {};
  try {
    return (strict(text) as (...args: unknown[]) => unknown)(0, probe) === probe;
  } catch {
    return false;
  }
});

test.each(returning)('in a pool, the context reaches %s', async (text) => {
  const group = taskPool({ name: 'mine' }).map(strict(text) as (n: number) => unknown, [0]);
  expect(await group.results()).toMatchObject([{ id: 0, poolName: 'mine' }]);
});
