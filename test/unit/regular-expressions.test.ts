/** [ReDoS] No regular expression of the package takes quadratic time, whatever it is given. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');
/** At this length anything quadratic takes a second, and anything linear about a millisecond. */
const LENGTH = 10_000;
const MOST_MS = 100;

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

test('a quadratic one would be noticed', () => {
  expect(slowestOf(/\s*[\r\n]+\s*/g)).toBeGreaterThan(MOST_MS);
});

test.each(found)('$file: $re', ({ re }) => {
  expect(slowestOf(re)).toBeLessThan(MOST_MS);
});

/** Milliseconds for the worst run; no further one is tried once one takes too long. */
function slowestOf(re: RegExp): number {
  let slowest = 0;
  const words = re.source.match(/[\w ]+/g) ?? [];
  for (const unit of new Set([...CLASSES, ...words])) {
    const run = unit.repeat(Math.ceil(LENGTH / unit.length));
    for (const text of [run, `${run}\u0001`, `${words.join('')}${run}\u0001`]) {
      slowest = Math.max(slowest, timeOf(re, text));
      if (slowest > MOST_MS) return slowest;
    }
  }
  return slowest;
}

/** Other processes may get in the way of one measurement, but not of three, nor by a second. */
function timeOf(re: RegExp, text: string): number {
  const measure = () => {
    const start = process.cpuUsage();
    text.replace(new RegExp(re.source, re.flags), '');
    return process.cpuUsage(start).user / 1000;
  };
  const first = measure();
  return first < MOST_MS || first > 4 * MOST_MS ? first : Math.min(first, measure(), measure());
}

/** The regular expressions that a source text has, comments left out. */
function literalsIn(source: string): RegExp[] {
  const code = source.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '').replaceAll(/\s\/\/ .*$/gm, '');
  const literal =
    /(?<=(?:^|[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)(?=\s*(?:[.,;)\]]|$))/gm;
  return [...code.matchAll(literal)].map(([, body = '', flags]) => new RegExp(body, flags));
}
