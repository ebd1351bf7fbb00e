/** Runs that are resumed, in each form in which items can be given. */

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { taskpool } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'lines'), 'a\nb\nc\nd\n');
  await writeFile(join(folder, 'commas'), 'a,b,c,d');
  await writeFile(join(folder, 'nulls'), 'a\0b\0c\0d\0');
  await writeFile(join(folder, 'table'), 'n,v\na,1\nb,2\nc,3\nd,4\n');
});

/** A command that prints an item, but for the one with `c`, before there is a file `gate`. */
const printing = (text: string) =>
  `case ${text} in *c*) test -e gate || exit 1;; esac; echo ${text}`;

const LETTERS = ['a', 'b', 'c', 'd'];
const DIGITS = ['1', '2', '3', '4'];

test.each<[string, string, string[]]>([
  ['lines', '{}', ['lines']],
  ['values of the command line', '{}', [':::', ...LETTERS]],
  ['values of each source', '{1}{2}', [':::', ...LETTERS, ':::', '1', '2']],
  ['linked sources', '{1}{2}', ['--link', ':::', ...LETTERS, ':::', ...DIGITS]],
  ['sources linked by :::+', '{1}{2}', [':::', ...LETTERS, ':::+', ...DIGITS]],
  ['another delimiter', '{}', ['-d', ',', 'commas']],
  ['items that end with NUL', '{}', ['-0', 'nulls']],
  ['columns', '{1}{2}', ['--colsep', ',', 'table']],
  ['trimmed columns', '{1}{2}', ['--colsep', ',', '--trim', 'lr', 'table']],
  ['columns with a header', '{n}{v}', ['--header', ':', '--colsep', ',', 'table']],
  ['sources with a header', '{x}{y}', ['--header', ':', ':::', 'x', ...LETTERS, ':::', 'y', '1']],
  ['several items in a command', '{1}{2}', ['-N', '2', 'lines']],
])('%s', async (_, text, input) => {
  const run = async (...args: string[]) => {
    const given = ['run', '-q', '-r', ...args];
    const { exitCode, stdout, stderr } = await taskpool(given, { cwd: folder });
    return { exitCode, stdout, stderr };
  };
  const work = ['-j', '1', '-e', printing(text), ...input];
  const gate = join(folder, 'gate');
  await writeFile(gate, '');
  const whole = await run(...work);
  expect(whole).toMatchObject({ exitCode: 0, stderr: '' });

  // By the journal alone, and by the same line again.
  for (const [journal, rest] of [
    ['one', ['--resume', 'one.db', '--resume-failed']],
    ['two', ['--journal', 'two.db', '--resume-failed', ...work]],
  ] as const) {
    await rm(gate);
    const begun = await run('--journal', `${journal}.db`, '--halt', 'soon,fail=1', ...work);
    await writeFile(gate, '');
    const ended = await run(...rest);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(begun.exitCode).toBe(1);
    expect(begun.stdout + ended.stdout).toBe(whole.stdout);
  }
});
