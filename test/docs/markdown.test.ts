/** The runner of the documentation's code, run itself: it has to fail where the code is wrong. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../support/built.ts';
import { type Compiled, compile } from './compiled.ts';
import { blocksOf, programOf, proseOf } from './markdown.ts';
import { runProgram } from './run-program.ts';

const PAGE = [
  '# Title',
  '```ts',
  'one();',
  '```',
  '',
  '- item',
  '  ```ts no-run',
  '  two({',
  '    a: 1,',
  '  });',
  '  ```',
  '````md',
  '```ts',
  '````',
  'end',
].join('\n');

const programs: Record<string, { code: string; says?: string }> = {
  'a value': { code: '1 + 1; // => 2' },
  'a wrong value': { code: '1 + 1; // => 3', says: 'line 7: Expected values to be' },
  'a deep value': { code: "[{ a: new Set(['b']) }]; // => [{ a: new Set(['b']) }]" },
  'a wrong deep value': { code: '[{ a: [1] }]; // => [{ a: [2] }]', says: 'line 7' },
  'a value of another type': { code: 'String(1); // => 1', says: 'line 7' },
  'a promise': { code: 'await Promise.resolve([1]); // => [1]' },
  'a variable': { code: 'const two = 1 + 1; // => 2' },
  'a variable with a type': { code: 'const two: number = 1 + 1; // => 2' },
  'parts of a value': { code: 'const { size } = new Set([1]); // => { size: 1 }' },
  'a wrong variable': { code: 'const two = 1 + 1; // => 3', says: 'line 7' },
  'what is printed': { code: "console.log('a' + 'b'); // => 'ab'" },
  'something else printed': { code: "console.log('a'); // => 'b'", says: 'line 7' },
  'a call over lines': { code: '[1, 2]\n  .map(\n    String,\n  ); // => ["1", "2"]' },
  'a value over lines': { code: '[1, 2];\n// => [\n//   1,\n//   2,\n// ]\n[3]; // => [3]' },
  'a wrong value over lines': { code: '[1, 2];\n// => [\n//   1,\n// ]', says: 'line 8' },
  'code after a value': { code: '1; // => 1\n2; // => 3', says: 'line 8' },
  'a value never reached': {
    code: 'if (Math.random() > 2) {\n  1; // => 1\n}',
    says: 'line 8: expected to be reached',
  },
  'a wrong value in a callback': {
    code: 'await Promise.resolve().then(() => {\n  1; // => 2\n}).catch(() => {});',
    says: 'line 8',
  },
  'an error': { code: "throw new RangeError('no');", says: 'RangeError: no' },
  'an unhandled rejection': { code: "void Promise.reject(new Error('lost'));", says: 'lost' },
  'an end that never comes': { code: 'await new Promise(() => {});', says: '' },
};

let compiled: Compiled;

beforeAll(async () => {
  const files = new Map<string, string>();
  const shared = new Map([['check.ts', await readFile(join(ROOT, 'test/docs/check.ts'), 'utf8')]]);
  for (const [place, { code }] of Object.values(programs).entries()) {
    files.set(`page/${place}.ts`, programOf({ info: 'ts', line: 7, code }, '../check.ts'));
  }
  compiled = await compile(files, shared);
});

afterAll(() => compiled.remove());

describe('blocks', () => {
  test('are found with their lines, whatever their indent', () => {
    expect(blocksOf(PAGE)).toEqual([
      { info: 'ts', line: 3, code: 'one();\n' },
      { info: 'ts no-run', line: 8, code: 'two({\n  a: 1,\n});\n' },
      { info: 'md', line: 13, code: '```ts\n' },
    ]);
  });

  test('are no prose', () => {
    expect(proseOf(PAGE)).toBe('# Title\n\n\n- item\n\n\nend');
  });

  test.each([
    '// => 1',
    'f(1\n); /* no */ // => 1',
    '// one\n// => 1',
    '1; // => [1',
    'function f() {} // => 1',
  ])('%j has no expression and value to compare', (code) => {
    expect(() => programOf({ info: 'ts', line: 7, code }, '')).toThrow(/line \d: expected/);
  });
});

describe.concurrent('programs', () => {
  const cases = Object.entries(programs).map(([name, { says }], place) => ({
    name,
    says,
    source: `page/${place}.ts`,
  }));
  const [right, wrong] = [
    cases.filter(({ says }) => says === undefined),
    cases.filter(({ says }) => says !== undefined),
  ];

  test(`that say what is true pass: ${right.map(({ name }) => name).join(', ')}`, async () => {
    const together = await compiled.together(right.map(({ source }) => source));
    const { code, stderr } = await runProgram(together);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each(wrong)('that do not fail: $name', async ({ says, source }) => {
    const { code, stderr } = await runProgram(compiled.program(source));
    expect([code > 0, stderr]).toEqual([true, expect.stringContaining(says as string)]);
  });
});
