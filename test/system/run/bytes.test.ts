/** Bytes stay bytes: what commands print, and items, need not be UTF-8. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { bytesOfText, textOfBytes } from '../../../src/cli/run/work/byte-text.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { runInHost } from '../../support/hosts.ts';

let folder: string;

/** Each byte but the end of a line and NUL, and pieces of characters. */
const ODD = [
  Buffer.from('good'),
  Buffer.from(Array.from({ length: 254 }, (_, i) => i + 1).filter((byte) => byte !== 10)),
  Buffer.from('-caf\xe9 %d\\0\'"$(id)', 'latin1'),
  Buffer.from([0xe4]),
  Buffer.from('ü\u{1f600}'),
  Buffer.from([0xed, 0xb0, 0x80, 0xff]),
];
const INPUT = Buffer.concat(ODD.flatMap((item) => [item, Buffer.from('\0')]));

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'worker.mjs'), 'export default (item) => item;');
  await writeFile(join(folder, 'odd'), INPUT);
});

const taskpool = (args: readonly string[], input: string | Buffer = '') =>
  runInHost({ args, input, cwd: folder, env: process.env });

const run = (args: readonly string[], input?: string | Buffer) =>
  taskpool(['run', '-q', ...args], input);

test('any bytes have a text that gives them again', () => {
  for (const bytes of [...ODD, INPUT]) expect(bytesOfText(textOfBytes(bytes))).toEqual(bytes);
  // Also a text that JSON has been made of.
  const text = JSON.parse(JSON.stringify(textOfBytes(INPUT))) as string;
  expect(bytesOfText(text)).toEqual(INPUT);
});

test.each([
  ['a program', []],
  ['a shell', ['--shell', '/bin/sh']],
])('items reach %s as they are, in any file', async (_, shell) => {
  const { exitCode, stdout } = await run([
    ...[...shell, '-0', '-r', '-n', '2', 'odd', '-e'],
    "env printf '%s\\0' {}",
  ]);
  expect(exitCode).toBe(0);
  expect(stdout.toString('latin1')).toBe(INPUT.toString('latin1'));
});

test('items of JSON reach commands with their bytes', async () => {
  const lines = ['"\xe9"', '{"name":"caf\xe9\\\\udce9"}', '["\xff",1]'].map((line) => `${line}\n`);
  const input = Buffer.from(lines.join(''), 'latin1');
  const { exitCode, stdout } = await run(['--jsonl', '-re', "printf '%s\\n' {}"], input);
  expect(exitCode).toBe(0);
  // Text is given as it is, and everything else as JSON.
  expect(stdout.toString('latin1')).toBe(lines.join('').replace('"\xe9"', '\xe9'));
});

test('a job log has them as they are', async () => {
  await run(['-e', 'true', '--joblog', 'log'], Buffer.from('caf\xe9\n', 'latin1'));
  const log = await readFile(join(folder, 'log'), 'latin1');
  expect(log).toMatch(/\ttrue 'caf\xe9'\n$/);
});

test('an item that a function cannot have has failed, and the others have not', async () => {
  const { exitCode, stdout, stderr } = await run(
    ['worker.mjs'],
    Buffer.from('a\n\xe9\nb\n', 'latin1'),
  );
  expect({ exitCode, stdout: stdout.toString() }).toEqual({ exitCode: 1, stdout: '"a"\n"b"\n' });
  expect(stderr.toString()).toMatch(/^taskpool: failed: .*: item 2 is not UTF-8\n$/);
});

test('in JSON they are base64, which it says', async () => {
  const command = "printf '\\377\\376' # {}";
  const { stdout } = await run(['-e', command], 'x');
  expect(JSON.parse(stdout.toString())).toEqual({ result: '//4=', encoding: 'base64' });
  const odd = await run(['--with-item', '-e', 'cat /dev/null {}'], Buffer.from([0xff]));
  expect(odd.stdout.toString()).toBe('');
  const item = await run(['--with-item', '-e', 'printf %s {}'], Buffer.from([0xff]));
  expect(JSON.parse(item.stdout.toString())).toEqual({
    item: '/w==',
    itemEncoding: 'base64',
    result: '/w==',
    encoding: 'base64',
  });
});

test.each(['run.db', 'run.jsonl'])(
  'all of it comes back out of %s, after a kill, equal to the last byte',
  async (journal) => {
    // The first item is killed with the run before it has ended: so the others are held.
    const command = `if [ {#} = 1 ] && mkdir ${journal}.first 2>/dev/null; then
      while set -- ${journal}.ended/*; [ $# -lt 5 ]; do sleep 0.1; done; sleep 0.3
      kill -9 $PPID; exit
    fi
    printf '%s\\377\\0' {}; printf '\\376%s' {} >&2; touch ${journal}.ended/{#}; exit 1`;
    const given = ['-r', '-0', '-n', '6', '-e', command, 'odd'];
    await mkdir(join(folder, `${journal}.ended`));
    const killed = await run(['--journal', journal, ...given]);
    expect(killed).toMatchObject({ exitCode: null, stdout: Buffer.alloc(0) });
    const resumed = await run(['--resume', journal]);
    const expected = Buffer.concat(ODD.flatMap((item) => [item, Buffer.from([0xff, 0])]));
    expect(resumed.exitCode).toBe(1);
    expect(resumed.stdout.toString('latin1')).toBe(expected.toString('latin1'));
    const results = await taskpool(['journal', '--results', journal]);
    expect(results.stdout.toString('latin1')).toBe(expected.toString('latin1'));
    const failed = await taskpool(['journal', '--failed', journal]);
    expect(failed.stdout.toString('latin1')).toBe(INPUT.toString('latin1'));
  },
);
