/** [ReDoS] No regular expression of the package takes quadratic time, whatever it is given. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from '../../src/cli/run/arguments/durations.ts';
import { directWords } from '../../src/cli/run/exec/direct-words.ts';
import { ShellTemplate } from '../../src/cli/run/exec/shell-script.ts';
import { readLiteral } from '../../src/control/arguments/literal.ts';
import { scanWords } from '../../src/control/arguments/words.ts';

const SRC = join(import.meta.dirname, '../../src');
/** At this length anything quadratic takes longer than this, and anything linear about a millisecond. */
const LENGTH = 20_000;
const MOST_MS = 10;
/** What takes less than this at a quarter of the length takes less than {@link MOST_MS} at the whole. */
const SHORT = { length: LENGTH / 4, ms: 0.5 };

/** Literals, each with the file that it is in. */
const found = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) => literalsIn(readFileSync(join(SRC, file), 'utf8')).map((re) => ({ file, re })));

/** What expressions look for, one of each class; what an expression spells out comes on top. */
const CLASSES = [
  ...[' ', '\t', '\n', '\r\n', ' \n', '\u00a0', '\u2028', '0', '7', 'a', 'Z', '_', '-', '.', ','],
  ...['"', "'", '\\', '/', ':', ';', '#', '$', '&', '|', '(', ')', '[', ']', '{', '}', '=', '%'],
  ...['\0', '\u001b', '\u009b', '\ud800', '😀', 'é', 'a ', ' a', '1.', '{}', "''", '""', 'at '],
];

test('literals are found', () => {
  expect(found.length).toBeGreaterThan(25);
  expect(literalsIn('x.split(/a\\/[/]+/g); y = 1 / 2 / 3; // not /this/ one')).toEqual([
    /a\/[/]+/g,
  ]);
});

test.each([
  /\{=.*?=\}/s,
  /\b(?:import|export)\b[^'"()]*['"](\.[^'"]+)['"]/g,
  /\bfile:\/\/([^\s()]+?:\d+(?::\d+)?)(?![\d:])/,
])('a quadratic one would be noticed: %s', (re) => {
  expect(slowestOf(re)).toBeGreaterThan(MOST_MS);
});

test.each(found)('$file: $re', ({ re }) => {
  expect(slowestOf(re)).toBeLessThan(MOST_MS);
});

/** What looks at a text place by place: how often it looks at the same one, no single expression tells. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'cli/run/arguments/durations.ts': parseDuration,
  'cli/run/exec/direct-words.ts': directWords,
  'cli/run/exec/shell-script.ts': readScript,
  'cli/run/exec/surroundings.ts': readScript,
  'control/arguments/literal.ts': readLiteral,
  'control/arguments/words.ts': scanWords,
};

test('each reader that has sticky expressions is among those below', () => {
  const sticky = found.filter(({ re }) => re.sticky).map(({ file }) => file.replaceAll('\\', '/'));
  expect(Object.keys(READERS)).toEqual(expect.arrayContaining(sticky));
});

test.each([...new Set(Object.values(READERS))])('%o reads each place about once', (read) => {
  const marks = [
    ' ',
    '"',
    "'",
    '\\',
    '(',
    ')',
    '[',
    '{',
    '{}',
    '-',
    '<',
    '$',
    '`',
    '1',
    ':',
    '#',
    '\n',
  ];
  const units = [...marks.flatMap((mark) => [mark, `a${mark}`]), '((', '$((', '<<a', '[]'];
  const slow = units.filter((unit) => {
    const [short, long] = [1_500, 12_000].map((length) => costOf(read, unit, length)) as [
      number,
      number,
    ];
    return long > 10 && long > 24 * Math.max(short, 0.1);
  });
  expect(slow).toEqual([]);
});

function readScript(text: string): void {
  new ShellTemplate(text, false);
}

function costOf(read: (text: string) => unknown, unit: string, length: number): number {
  const text = `x${unit.repeat(Math.ceil(length / unit.length))}`;
  return leastOf(10, () => {
    try {
      read(text);
    } catch {
      // It is no text of that kind.
    }
  });
}

/** Milliseconds for the worst run; no further one is tried once one takes too long. */
function slowestOf(re: RegExp): number {
  let slowest = 0;
  const words = re.source.match(/[\w ]+/g) ?? [];
  const samples = samplesOf(re);
  const textsOf = (unit: string, length: number) => {
    const run = unit.repeat(Math.ceil(length / unit.length));
    return [`${run}\u0001`, `${run}\n\u0001`, `${samples[0] ?? words.join('')}${run}\u0001`];
  };
  for (const unit of new Set([
    ...CLASSES,
    ...words.flatMap((word) => [word, `${word} `]),
    ...samples.flatMap(partsOf),
  ])) {
    for (const [place, short] of textsOf(unit, SHORT.length).entries()) {
      if (timeOf(searchFor(re, short)) < SHORT.ms) continue;
      const long = textsOf(unit, LENGTH)[place] as string;
      slowest = Math.max(slowest, leastOf(MOST_MS, searchFor(re, long)));
      if (slowest > MOST_MS) return slowest;
    }
  }
  return slowest;
}

/** Texts that an expression matches, but for what it asks of their surroundings. */
function samplesOf(re: RegExp): string[] {
  const lookaround = /\(\?<?[=!](?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)/g;
  const source = re.source
    .replaceAll(lookaround, '')
    .replaceAll(/\\b/gi, '')
    .replaceAll(/\\p\{[^}]*\}/gi, 'x')
    .replaceAll(/\\u\{\w+\}/g, 'x');
  try {
    const matching = fc.stringMatching(
      new RegExp(`^(?:${source})$`, re.flags.replaceAll(/[^s]/g, '')),
    );
    return fc.sample(matching, { numRuns: 2, seed: 1 }).map((text) => text.slice(0, 40));
  } catch {
    return [];
  }
}

/** What a match begins with: repeated, an expression begins at each of them. */
function partsOf(sample: string): string[] {
  const lengths = [2, 3, 5, 6, 7, 8, 13, sample.length];
  return lengths.map((length) => sample.slice(0, length)).filter((part) => part !== '');
}

/** Looks for an expression in a text. */
const searchFor = (re: RegExp, text: string) => () =>
  text.replace(new RegExp(re.source, re.flags), '');

/** Milliseconds. Other processes may get in the way of one measurement, but not of three, nor by a second. */
function leastOf(most: number, run: () => void): number {
  const first = timeOf(run);
  return first < most || first > 4 * most ? first : Math.min(first, timeOf(run), timeOf(run));
}

function timeOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  return process.cpuUsage(start).user / 1000;
}

/** The regular expressions that a source text has, comments left out. */
function literalsIn(source: string): RegExp[] {
  const code = source.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '').replaceAll(/\s\/\/ .*$/gm, '');
  const literal =
    /(?<=(?:^|[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)(?=\s*(?:[.,;)\]]|$))/gm;
  return [...code.matchAll(literal)].map(([, body = '', flags]) => new RegExp(body, flags));
}
