import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { printableError, summarizeError } from '../../src/printable/error.ts';
import {
  printable,
  printableJson,
  printableLine,
  printableMessage,
  printableName,
  shortened,
} from '../../src/printable/text.ts';
import { printableValue } from '../../src/printable/value.ts';

const throwing = {
  get secret(): string {
    throw new Error('no');
  },
};
const circle: { self?: unknown } = {};
circle.self = circle;
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('no');
    },
    ownKeys: () => {
      throw new Error('no');
    },
    getPrototypeOf: () => {
      throw new Error('no');
    },
  },
);

describe('text', () => {
  test.each([
    ['escape sequences', 'a\u001b[31mred', 'a\\x1b[31mred'],
    ['C1 controls', 'a\u009b31mred', 'a\\x9b31mred'],
    ['DEL', 'a\u007f', 'a\\x7f'],
    ['bidi overrides', 'user\u202egpj.exe', 'user\\u202egpj.exe'],
    ['bidi isolates and marks', '\u2066a\u2069\u200f\u061c', '\\u2066a\\u2069\\u200f\\u061c'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
    ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['what takes no space', 'pay\u200bpal\ufeff\u00ad', 'pay\\u200bpal\\ufeff\\xad'],
    ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
  ])('%s are written out', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
    expect(printableLine(text)).toBe(expected);
  });

  test('what people write stays', () => {
    const text = 'naïve 日本語 👩‍👩‍👧 ❤️ العربية هٔ۔ می‌خواهم';
    expect(printableLine(text)).toBe(text);
  });

  test('newlines and tabs stay in texts, and are written out in lines', () => {
    expect(printable('a\n\tb\r')).toBe('a\n\tb\\x0d');
    expect(printableLine('a\n\tb\r')).toBe('a\\x0a\\x09b\\x0d');
  });

  test('JSON stays the same data', () => {
    const data = { 'a\u009b': ['\u202e', '\u{e0041}', '\ud800', '\u001b'] };
    const json = printableJson(JSON.stringify(data));
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(json)).toEqual(data);
  });

  test('a message is one line, its lines joined by blanks', () => {
    expect(printableMessage('  one \r\n\n\t two\nthree\u001b ', 100)).toBe('one two three\\x1b');
  });

  test('what is too long is cut, never within a character', () => {
    expect(shortened('abcdef', 3)).toBe('abc…');
    expect(shortened('ab😀', 3)).toBe('ab…');
    expect(printableName('\n'.repeat(1e6), 10)).toBe('\\x0a\\x0a\\x…');
    expect(printableMessage('x'.repeat(1e6), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});

describe('values', () => {
  test.each([
    ['JSON', { a: [1, 'x', null, true] }, '{"a":[1,"x",null,true]}'],
    ['a bigint', { a: 1n }, '{"a":1n}'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['numbers that JSON has not', [Number.NaN, -0, Infinity], '[NaN,-0,Infinity]'],
    ['a function', { f() {} }, '{"f":[function]}'],
    ['a circle', circle, '{"self":[circular]}'],
    ['a getter that throws', throwing, '{"secret":[throws]}'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['an error', { e: new TypeError('bad') }, '{"e":[TypeError: bad]}'],
    ['bytes', new Uint8Array(3), '[3 bytes]'],
    ['a revoked proxy', [revoked], '[[object that cannot be read]]'],
    ['a proxy that throws', [hostile, 1], '[[object that cannot be read],1]'],
    ['a toJSON that throws', { toJSON: () => throwing.secret }, '[object that cannot be read]'],
    ['a toJSON that returns a circle', { toJSON: () => circle }, '{"self":{"self":[circular]}}'],
    ['no prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['controls', { '\u001b': '\u009b\n' }, '{"\\u001b":"\\x9b\\n"}'],
  ])('%s can be printed', (_, value, expected) => {
    expect(printableValue(value)).toBe(expected);
  });

  test('a value that is next to another one twice is no circle', () => {
    const shared = { a: 1 };
    expect(printableValue([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test('no more is read of a value than is printed', () => {
    let numRead = 0;
    const long = new Proxy(new Array(1e6).fill(0), {
      get(target, key, receiver) {
        numRead++;
        return Reflect.get(target, key, receiver);
      },
    });
    expect(printableValue(long)).toHaveLength(201);
    expect(numRead).toBeLessThan(500);
  });

  test('depth needs no stack beyond what is printed', () => {
    let deep: unknown = 0;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(printableValue(deep)).toBe(`${'['.repeat(200)}…`);
  });
});

describe('errors', () => {
  test('an error has its name, its message, and what caused it, in one line', () => {
    const error = new TypeError('no\n  such\u001b thing', { cause: new Error('lost') });
    expect(printableError(error)).toBe('TypeError: no such\\x1b thing: lost');
  });

  test('errors of another realm are errors', () => {
    expect(printableError(runInNewContext('new RangeError("far")'))).toBe('RangeError: far');
    expect(summarizeError(runInNewContext('Object.assign(Error("far"), { code: "E" })'))).toEqual({
      code: 'E',
      message: 'far',
    });
  });

  test.each([
    ['a bigint in an object', { a: 1n }, 'threw {"a":1n}'],
    ['a circle', circle, 'threw {"self":[circular]}'],
    ['a getter that throws', throwing, 'threw {"secret":[throws]}'],
    ['a revoked proxy', revoked, 'threw [object that cannot be read]'],
    ['nothing', undefined, 'threw undefined'],
    ['a text', 'a\nb', 'threw "a\\nb"'],
    ['an error whose fields throw', hostileError(), 'an error without a message'],
    ['an error that causes itself', selfCaused(), Array(10).fill('again').join(': ')],
  ])('%s that was thrown can be told of', (_, thrown, expected) => {
    expect(printableError(thrown)).toBe(expected);
  });

  test.each([
    ['an error', new TypeError('bad'), { code: 'TypeError', message: 'bad' }],
    ['data of an error', { code: 'E', message: 'bad' }, { code: 'E', message: 'bad' }],
    ['a text', 'bad', { code: 'string', message: 'bad' }],
    ['a bigint in an object', { a: 1n }, { code: 'object', message: '{"a":1n}' }],
    ['a blank', new Error(' \n '), { code: 'Error', message: 'an error without a message' }],
    [
      'several',
      new AggregateError([new Error('one'), 'two', { a: 1n }], 'all'),
      { code: 'AggregateError', message: 'all; one; two; {"a":1n}' },
    ],
  ])('%s has a code and a message', (_, thrown, expected) => {
    expect(summarizeError(thrown)).toEqual(expected);
  });

  test('ten thousand parts of an error are counted, not told', () => {
    const error = new AggregateError(Array.from({ length: 10_000 }, () => new Error('x')));
    expect(summarizeError(error).message).toBe(`${'x; '.repeat(10)}and 9990 more`);
  });

  test('a message of any length costs what is shown of it', () => {
    const text = `${' '.repeat(5e6)}\n${' '.repeat(5e6)}x`;
    const start = process.cpuUsage();
    expect(summarizeError(new Error(text)).message).toBe('x');
    expect(summarizeError(new Error('x'.repeat(1e7))).message).toHaveLength(2001);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(500);
  });
});

function hostileError(): Error {
  const fail = {
    get(): never {
      throw new Error('no');
    },
  };
  return Object.defineProperties(new Error('x'), {
    name: fail,
    message: fail,
    cause: fail,
    code: fail,
  });
}

function selfCaused(): Error {
  const error = new Error('again');
  error.cause = error;
  return error;
}
