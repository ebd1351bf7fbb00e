/** Commands with placeholders: the same words as GNU parallel gives them, whatever an item holds. */

import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../../src/cli/run/exec/template.ts';
import { isLong } from '../../support/length.ts';
import { runs } from '../../support/runs.ts';
import { hasTool } from '../../support/tools.ts';

const hasParallel = hasTool('parallel');

/** Prints its arguments, each in brackets, and a NUL byte at the end. */
const PRINT = `node -e 'process.stdout.write(process.argv.slice(1).map(a=>"["+a+"]").join("")+"\\0")' --`;

/** What is started for an item. */
function commandOf(template: string, item: string, place = 1, shell?: string) {
  const options = shell === undefined ? {} : { shell };
  return parseTemplate(template, options).command({ args: [item], place, slot: 1 });
}

/** The same; undefined for a placeholder where the shell would evaluate it. */
function commandUnlessRefused(template: string, item: string) {
  try {
    return commandOf(template, item, 1, '/bin/sh');
  } catch (error) {
    expect(String(error)).toContain('expected no {}');
    return undefined;
  }
}

/** What a command prints for an item. */
function printedBy(template: string, item: string, shell?: string): string {
  const { file, args } = commandOf(template, item, 1, shell);
  return execFileSync(file, args, { encoding: 'utf8' });
}

/** What GNU parallel makes of the same, for many items at once. */
function printedByParallel(template: string, items: readonly string[]): string[] {
  const args = ['--plain', '--will-cite', '-k', '-0', '-j2', template];
  const output = execFileSync('parallel', args, {
    input: items.map((item) => `${item}\0`).join(''),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return output.split('\0').slice(0, -1);
}

/** Names as nobody should have: with everything that means something to a shell. */
const hostileCharacters = fc.constantFrom(...'ab./ \t\'"\\$`;&|<>(){}[]*?!#~=%^-äß€😀');
const hostile = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: hostileCharacters, minLength: 1, maxLength: 24 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '$(echo owned)',
      '`echo owned`',
      "'; echo owned; '",
      '"; echo owned; "',
      '$HOME',
      '{}',
      '{.}',
      '-n',
      '~root',
      'a\nb',
      '\n',
    ),
  },
);

describe.skipIf(!hasParallel)('placeholders mean what they mean to GNU parallel', () => {
  // In names with line breaks its patterns stop at the first one.
  const names = fc.string({ unit: fc.constantFrom(...'ab./ .\'"$'), minLength: 1, maxLength: 12 });

  test('for any path', () => {
    fc.assert(
      fc.property(fc.array(names, { minLength: 60, maxLength: 60 }), (items) => {
        const template = `printf '[%s]' {} {.} {/} {//} {/.}; printf '\\0'`;
        const expected = printedByParallel(template, items);
        const printed = items.map((item) =>
          commandOf('x {} {.} {/} {//} {/.}', item)
            .args.map((word) => `[${word}]`)
            .join(''),
        );
        expect(printed).toEqual(expected);
      }),
      runs(isLong ? 4 : 3),
    );
  });

  test('{#} counts from 1', () => {
    expect(printedBy('echo {#} {#}', 'x')).toBe('1 1\n');
    expect(printedByParallel(`printf '%s\\0' {#}`, ['x', 'y'])).toEqual(['1', '2']);
    expect(commandOf('x {#}', 'y', 2).args).toEqual(['2']);
  });
});

describe('an item stays one word', () => {
  const shells = ['/bin/sh', '/bin/bash'];

  test.each([
    ['bare', '{}', (item: string) => `[${item}]`],
    ['within a word', 'a{}b', (item: string) => `[a${item}b]`],
    ['within double quotes', '"a {} b"', (item: string) => `[a ${item} b]`],
    ['within single quotes', "'a {} b'", (item: string) => `[a ${item} b]`],
    ['after quotes', `"it's" {}`, (item: string) => `[it's][${item}]`],
    ['after an escape', `\\' {}`, (item: string) => `['][${item}]`],
    ['twice', '{} "{}"', (item: string) => `[${item}][${item}]`],
  ])('%s', (_, words, expected) => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...shells), (item, shell) => {
        const template = `printf '[%s]' ${words}`;
        expect(printedBy(template, item, shell)).toBe(expected(item));
      }),
      runs(isLong ? 40 : 20),
    );
  });

  test.skipIf(!hasParallel)('bare and within a word, as GNU parallel prints it', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 40, maxLength: 40 }), (items) => {
        // What is a placeholder itself, parallel replaces again.
        const plain = items.filter((item) => !/\{[./#]*\}/.test(item));
        const expected = printedByParallel(`printf '[%s]' {} a{}b; printf '\\0'`, plain);
        const printed = plain.map((item) => printedBy(`printf '[%s]' {} a{}b`, item));
        expect(printed).toEqual(expected);
      }),
      runs(isLong ? 4 : 3),
    );
  });

  test('nothing in it is ever run, whatever stands around', () => {
    const around = fc.string({
      unit: fc.constantFrom(...'a "\'$()`;#\\\n|&{}'.split(''), '{}', '$(', "$'"),
      maxLength: 16,
    });
    fc.assert(
      fc.property(around, around, (before, after) => {
        const item = `$(echo OWNED >&3)\`echo OWNED >&3\`'; echo OWNED >&3; "; echo OWNED >&3; #`;
        const command = commandUnlessRefused(`: ${before}{}${after}`, item);
        if (command === undefined) return;
        const { file, args } = command;
        // It may be no command at all; but what the item says is not done.
        const { output } = spawnSync(file, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
        expect(String(output[3])).toBe('');
      }),
      runs(isLong ? 200 : 60),
    );
  });
});

describe('a shell is used', () => {
  test.each([
    'sha256sum {}',
    'convert {} {.}.webp',
    "awk '{print $1}' {}",
    'cp "{}" out/{/}',
    'grep -c --regexp=a.b {}',
    '/usr/bin/env',
  ])('not for %s', (template) => {
    expect(commandOf(template, 'x').file).not.toBe('/bin/sh');
  });

  test.each([
    'cat {} | wc -l',
    'gzip -c {} > {}.gz',
    'echo {}',
    'cd {} && make',
    'A=1 env {}',
    'ls *.txt {}',
    'ls ~ {}',
    'cp {} $HOME',
    'cp {} "$HOME"',
    'cp {} {a,b}',
    'a; b {}',
    'a\nb {}',
    'sleep 1 & {}',
    '{}',
    '{/} x',
    'x \\{}',
    'x # {}',
    "x $'{}'",
    'x `y` {}',
    'if true',
    '',
  ])('for %s', (template) => {
    expect(commandOf(template, 'x').file).toBe('/bin/sh');
  });

  test('which makes no difference to what is printed', () => {
    for (const words of ['{}', 'a{.}b "{/} c" \'{//}\' x=y -- %+@:,']) {
      const template = `${PRINT} ${words}`;
      const direct = commandOf(template, 'd/e f.g');
      expect(direct.file).toBe('node');
      expect(printedBy(template, 'd/e f.g')).toBe(printedBy(template, 'd/e f.g', '/bin/sh'));
    }
  });

  test('that was named', () => {
    expect(printedBy('[[ {} == a* ]] && echo yes', 'abc', '/bin/bash')).toBe('yes\n');
  });

  test('without a placeholder the item comes last', () => {
    expect(commandOf('wc -l', 'a b')).toEqual({ file: 'wc', args: ['-l', 'a b'] });
    expect(printedBy("printf '[%s]' x |", 'cat')).toBe('[x]');
  });
});
