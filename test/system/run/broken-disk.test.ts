/** What a run says, and what it still does, when something that it writes cannot be written. */

import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import { taskpool } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { smallDisk } from '../../support/small-disk.ts';

const ITEMS = Array.from({ length: 40 }, (_, n) => `${n} ${'x'.repeat(1_000)}`);
let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await writeFile(join(cwd, 'same.mjs'), 'export default (item) => item;\n');
  await writeFile(join(cwd, 'items.txt'), ITEMS.join('\n'));
});

test('a job log that is full is told of once, and all items are done', async (context) => {
  const disk = await smallDisk('8k');
  if (disk === undefined) return context.skip();
  const log = join(disk, 'log');
  const ended = await taskpool(['run', '-r', '--joblog', log, './same.mjs', 'items.txt'], { cwd });
  expect(ended.stdout.split('\n')).toEqual([...ITEMS, '']);
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr.split('\n')).toEqual([
    `taskpool: cannot write the job log ${log}: ENOSPC: no space left on device, write`,
    expect.stringMatching(/^taskpool: 40 done, 40 succeeded, 0 failed, in /),
    '',
  ]);
  expect(await readFile(log, 'utf8')).toMatch(/^Seq\t/);
});

test('a job log that is removed meanwhile is told of once, and all items are done', async () => {
  await mkdir(join(cwd, 'logs'));
  const ended = await taskpool(
    ['run', '-r', '-j', '1', '--joblog', 'logs/log', '-e', 'rm -rf logs; echo {}', ':::', 'a', 'b'],
    { cwd },
  );
  expect(ended).toMatchObject({ exitCode: 1, stdout: 'a\nb\n' });
  expect(ended.stderr.split('\n')).toEqual([
    'taskpool: cannot write the job log logs/log: it was removed',
    expect.stringMatching(/^taskpool: 2 done, 2 succeeded, 0 failed, in /),
    '',
  ]);
});

test.each([
  ['a folder', '.', 'EISDIR: illegal operation on a directory'],
  ['a full disk', '/dev/full', 'ENOSPC: no space left on device'],
  ['in no folder', 'none/log', 'ENOENT: no such file or directory'],
])('a job log that is %s stops the run before it begins', async (_, log, why) => {
  const ended = await taskpool(['run', '--joblog', log, './same.mjs', 'items.txt'], { cwd });
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  expect(ended.stderr).toMatch(
    new RegExp(`^taskpool: cannot write the job log ${log}: ${why}.*\n$`),
  );
});

test('a journal that may not become longer is reported in one line, with its path', async () => {
  const script = 'ulimit -f 100; exec "$@"';
  const run = [MAIN, 'run', '-q', '-r', '--journal', 'run.sqlite', './same.mjs', 'items.txt'];
  const child = spawn('sh', ['-c', script, 'sh', process.execPath, ...run], { cwd });
  const [stderr] = await Promise.all([text(child.stderr), text(child.stdout)]);
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(
      /^taskpool: cannot write the journal: expected room for more, got EFBIG: .*run\.sqlite: /,
    ),
    expect.stringMatching(/run\.sqlite can be resumed$/),
    '',
  ]);
  const rest = await taskpool(['run', '-q', '-r', '--resume', 'run.sqlite'], { cwd });
  expect(rest).toMatchObject({ exitCode: 0, stderr: '' });
});

test.each(['run.sqlite', 'run.jsonl'])(
  'a journal that was removed is not to be resumed: %s',
  async (name) => {
    const command = `[ {#} != 5 ] || rm -r ${name}*; echo {}`;
    const args = ['run', '-q', '-r', '-j', '1', '--journal', name, '-e', command, 'items.txt'];
    const { exitCode, stderr } = await taskpool(args, { cwd });
    expect({ exitCode, lines: stderr.split('\n') }).toEqual({
      exitCode: 1,
      lines: [expect.stringMatching(/^taskpool: cannot write the journal: .* was removed: /), ''],
    });
  },
);
