/** How a line becomes words. */

import { describe, expect, test } from 'vitest';
import { scanWords, splitWords } from '../../../src/control/arguments/words.ts';

const words = (line: string): string[] => splitWords(line).map(({ text }) => text);

describe('words', () => {
  test.each([
    ['', []],
    ['   ', []],
    ['pool-size', ['pool-size']],
    ['  pool-size \t 10 ', ['pool-size', '10']],
    ['cancel-group "a b"', ['cancel-group', 'a b']],
    ['cancel-group \'a "b" \\\'', ['cancel-group', 'a "b" \\']],
    ['x "a \\" \\\\ \\n"', ['x', 'a " \\ \\n']],
    ['a\\ b', ['a b']],
    ['a"b c"d', ['ab cd']],
    ["''", ['']],
    ['äöü 🙂', ['äöü', '🙂']],
  ])('%s', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });
});

describe('literals stay as they are', () => {
  test.each([
    ["apply f -a ['x', 'y z']", ['apply', 'f', '-a', "['x', 'y z']"]],
    ['map f [1, [2, 3], {a: "]"}] -n 2', ['map', 'f', '[1, [2, 3], {a: "]"}]', '-n', '2']],
    ["{a: 'it\\'s'} b", ["{a: 'it\\'s'}", 'b']],
    ["--args=['x', 1]", ["--args=['x', 1]"]],
    ["'[1, 2]'", ['[1, 2]']],
    ['[1}2] 3', ['[1}2]', '3']],
    ['] }', [']', '}']],
  ])('%s', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });
});

describe('what is not closed is refused', () => {
  test.each([
    ["'a", "'"],
    ['"a\\"', '"'],
    ['[1, 2', ']'],
    ['{a: [1}', ']'],
    ["['a]", "'"],
    ['a\\', 'a character after \\'],
  ])('%s', (line, missing) => {
    expect(() => splitWords(line)).toThrow(`expected ${missing} before the end of the line`);
    expect(scanWords(line).missing).toBe(missing);
  });
});

test('brackets are not nested without end', () => {
  expect(words(`${'['.repeat(1000)}${']'.repeat(1000)}`)).toHaveLength(1);
  expect(() => words('['.repeat(500_000))).toThrow(
    'expected at most 1000 brackets within one another',
  );
});

test('a word knows where it starts and whether it was quoted', () => {
  expect(splitWords(' a "-b" c')).toEqual([
    { text: 'a', start: 1, quoted: false },
    { text: '-b', start: 3, quoted: true },
    { text: 'c', start: 8, quoted: false },
  ]);
});
