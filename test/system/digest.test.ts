/**
 * Runs the digest as a user does, as a process of its own over real files, and verifies its list
 * with the real `sha256sum`.
 */

import { execFile, spawn, spawnSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOptions } from '../../examples/digest/options.ts';
import { builtProgram } from '../support/built.ts';
import { Running } from '../support/running.ts';
import { hasTerminal, Terminal } from '../support/terminal.ts';

const run = promisify(execFile);
const MAIN = builtProgram('examples/digest/main.ts');
const LIST = 'digest.sha256';
const PARTIAL = 'digest.sha256.partial';
const MEGABYTE = 1_000_000;
/** Each read takes a while: to digest large files for as long as a test looks costs a core. */
const SLOW_DISK = ['--import', builtProgram('test/system/programs/slow-disk.ts')];
const ERASE_LINE = '\r\x1b[K';

const isRoot = process.getuid?.() === 0;
// Where tests are counted, a tool that is missing is a failure.
const isCounted = process.env['CI'] !== undefined;
const hasScript = isCounted || versionOf('script').includes('util-linux');
const canVerify = isCounted || versionOf('sha256sum') !== '';

let home: string;
const started = new Set<Running>();

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'digest-'));
});

afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
  await rm(home, { recursive: true, force: true });
});

describe.skipIf(!canVerify)('the list', () => {
  test('is what sha256sum writes and verifies, sorted, whatever the names of the files', async () => {
    await plant('tree', {
      'a file with spaces': 'a',
      ' leading and trailing ': 'b',
      'snowman ☃': 'c',
      'line\nbreak': 'd',
      'carriage\rreturn': 'e',
      'back\\slash\\n': 'f',
      '-dash': 'g',
      '*star': 'h',
      empty: '',
      'folder/3 MB': Buffer.alloc(3 * MEGABYTE, 'xyz'),
      'folder/below/deep': 'i',
      'folder-sorts-before-the-folder': 'j',
      'back\\slash folder/line\nbreak': 'k',
    });
    if (process.platform === 'linux') {
      await writeFile(
        Buffer.concat([Buffer.from(`${home}/tree/not UTF-8 `), Buffer.of(0xff)]),
        'l',
      );
    }
    await symlink('a file with spaces', join(home, 'tree/link to a file'));
    await symlink('folder', join(home, 'tree/link to a folder'));
    await symlink('nothing', join(home, 'tree/link to nothing'));

    const { exitCode, output } = await digest(['tree', '-n', '3']);

    expect(exitCode).toBe(0);
    expect(output).toContain('0 failed, 3 links and special files left out');
    await run('sha256sum', ['--check', '--strict', '--status', LIST], { cwd: home });
    const command = 'find tree -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum --';
    const expected = await run('sh', ['-c', command], { cwd: home, encoding: 'buffer' });
    expect(await readFile(join(home, LIST))).toEqual(expected.stdout);
    expect(await readdir(home)).not.toContain(PARTIAL);
  });

  test('does not list itself, and replaces the one before', async () => {
    await plant('.', { a: '1', 'b/digest.sha256': '2' });
    await digest(['.']);
    await writeFile(join(home, 'a'), 'changed');
    expect(await digest(['.'])).toMatchObject({ exitCode: 0 });

    await run('sha256sum', ['--check', '--strict', '--status', LIST], { cwd: home });
    const list = await readFile(join(home, LIST), 'utf8');
    expect(list.match(/(?<= {2}).*/g)).toEqual(['./a', './b/digest.sha256']);
  });

  test('is of ./node_modules unless told otherwise', async () => {
    await plant('node_modules', { 'one/index.js': '1', '.bin/one': '2' });
    expect(await digest([])).toMatchObject({ exitCode: 0 });

    await run('sha256sum', ['--check', '--strict', '--status', LIST], { cwd: home });
    const list = await readFile(join(home, LIST), 'utf8');
    expect(list.match(/(?<= {2}).*/g)).toEqual([
      './node_modules/.bin/one',
      './node_modules/one/index.js',
    ]);
  });

  test('goes where it is told, without a word if so told', async () => {
    await plant('tree', { a: '1' });
    await mkdir(join(home, 'out'));
    expect(await digest(['--quiet', '--output', 'out/list', 'tree'])).toEqual({
      exitCode: 0,
      output: '',
    });
    await run('sha256sum', ['--check', '--strict', '--status', 'out/list'], { cwd: home });
    expect(await readdir(join(home, 'out'))).toEqual(['list']);
  });
});

describe('failures', () => {
  test.skipIf(!canVerify)(
    'a file that cannot be read is reported, and the others go on',
    async () => {
      // Its path is longer than a path may be, by this detour: not even root can open it.
      const unreachable = `${`${'x'.repeat(200)}/`.repeat(19)}${'y'.repeat(200)}`;
      const detour = `${'./'.repeat(130)}tree`;
      await plant('tree', { a: '1', [unreachable]: '2', z: '3' });
      if (!isRoot) {
        await plant('tree', { forbidden: '4' });
        await chmod(join(home, 'tree/forbidden'), 0o000);
      }

      const { exitCode, output } = await digest([detour]);

      expect(exitCode).toBe(1);
      expect(output).toMatch(/digest: .*yyy: ENAMETOOLONG: name too long\n/);
      expect(output).toContain(`${isRoot ? 1 : 2} failed`);
      if (!isRoot) expect(output).toContain('tree/forbidden: EACCES: permission denied');
      const check = await run('sha256sum', ['--check', '--strict', LIST], { cwd: home });
      expect(check.stdout.match(/[az]: OK/g)).toEqual(['a: OK', 'z: OK']);
    },
  );

  test.each([
    { args: ['--size', '0'], says: '--size: expected a positive integer, got "0"' },
    { args: ['nowhere'], says: 'ENOENT: no such file or directory' },
    { args: ['file'], says: 'file: expected a folder' },
    { args: ['-o', 'nowhere/list', '.'], says: 'ENOENT: no such file or directory' },
  ])('$args: says why and writes nothing', async ({ args, says }) => {
    await plant('.', { file: '' });
    const { exitCode, output } = await digest(args);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: expect.stringContaining(says) });
    expect(await readdir(home)).toEqual(['file']);
  });

  test.each([
    { args: ['--size', 'many'], says: '--size: expected a positive integer, got "many"' },
    { args: ['--sise', '1'], says: "Unknown option '--sise'" },
    { args: ['a', 'b'], says: 'expected one folder, got a and b' },
  ])('$args: is no command line', ({ args, says }) => {
    expect(() => readOptions(args)).toThrow(says);
  });

  test('--help explains the options', async () => {
    const { exitCode, output } = await digest(['--help']);
    expect(exitCode).toBe(0);
    for (const option of ['--size', '--output', '--quiet', '--keys']) {
      expect(output).toContain(option);
    }
  });
});

describe('while it runs', () => {
  // Files of holes, which take no room on the disk, read slowly: one for a second or two, all for minutes.
  beforeEach(async () => {
    await mkdir(join(home, 'large'));
    for (let i = 0; i < 300; i += 1) {
      const file = join(home, 'large', String(i));
      await writeFile(file, '');
      await truncate(file, 5 * MEGABYTE);
    }
  });

  test('the first Ctrl-C stops it and leaves no list, but the one before as it was', async () => {
    await writeFile(join(home, LIST), 'the list before');
    const child = start(['large']);
    await child.says(/8 running/);

    child.kill('SIGINT');

    expect(await child.exitCode).toBe(130);
    expect(child.output).toContain('interrupted: no list was written');
    expect((await readdir(home)).sort()).toEqual([LIST, 'large']);
    expect(await readFile(join(home, LIST), 'utf8')).toBe('the list before');
  });

  test('keys change how many files are worked on at a time', async () => {
    const child = start(['--keys', '--size', '2', 'large']);
    await child.says(/2 running/);

    child.press('+++');
    await child.says(/5 running.*pool size 5/);

    child.press('-'.repeat(10));
    await child.says(/ 1 running.*pool size 1/);

    child.kill('SIGTERM');
    expect(await child.exitCode).toBe(130);
    expect(child.output).toContain('at most 5 at a time');
  });

  test.skipIf(!hasScript)('a terminal shows a live line, and its Ctrl-C is a key', async () => {
    const startedAt = performance.now();
    const child = startInTerminal('--size 1 large');
    await child.says(/ 1 running/);

    child.press('+');
    await child.says(/pool size 2/);
    await child.says(/ 2 running/);
    for (let i = 0; i < 5; i += 1) await child.says(/ running, /);

    child.press('\x03');
    expect(await child.exitCode).toBe(130);
    const lines = child.output.split(ERASE_LINE).filter((line) => line.includes(' running, '));
    expect(lines.length).toBeLessThanOrEqual((performance.now() - startedAt) / 100);
    expect(await readdir(home)).toEqual(['large']);
  });

  test.skipIf(!hasTerminal)(
    'the line has a percentage, and fits when the terminal shrinks',
    async () => {
      await plant('small', Object.fromEntries(Array.from({ length: 39 }, (_, n) => [`${n}`, 'x'])));
      await plant('small', { 'z/endless': '' });
      await truncate(join(home, 'small/z/endless'), 100_000 * MEGABYTE);
      const command = `cd '${home}' && exec '${process.execPath}' ${SLOW_DISK.join(' ')} '${MAIN}' small`;
      await using terminal = await Terminal.run(['sh', '-c', command], { width: 110, height: 10 });

      await terminal.shows(/^97 %, 39 done, 1 running, .* pool size 8, 0 failed$/m);
      await terminal.resize(40);
      // One line, once it was drawn anew: the terminal wraps the old one for a moment.
      await terminal.shows(
        /^(?![\s\S]* %, [\s\S]* %, )[\s\S]*^97 %, 39 done, 1 running, [^\n]{1,15}$/m,
      );
      await terminal.resize(110);
      await terminal.shows(/^97 %, .* 0 failed$/m);
      await terminal.press('C-c');
      expect(await terminal.exitCode()).toBe(130);
      expect(await terminal.screen()).not.toContain(' %, ');
    },
  );
});

/** What a command says of itself; nothing if there is none. */
function versionOf(command: string): string {
  return spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout ?? '';
}

/** Writes files, given by their paths below a folder. */
async function plant(folder: string, files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(home, folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, content);
  }
}

/** Runs the program to its end. */
async function digest(args: string[]): Promise<{ exitCode: number | null; output: string }> {
  const child = follow(process.execPath, [MAIN, ...args]);
  return { exitCode: await child.exitCode, output: child.output };
}

/** Starts the program on a slow disk. */
function start(args: string[]): Running {
  return follow(process.execPath, [...SLOW_DISK, MAIN, ...args]);
}

/** Runs the program under a pseudo terminal, whose keyboard is `press` and whose screen `output`. */
function startInTerminal(args: string): Running {
  const command = `'${process.execPath}' ${SLOW_DISK.join(' ')} '${MAIN}' ${args}`;
  return follow('script', ['-qec', command, '/dev/null']);
}

function follow(command: string, args: string[]): Running {
  const running = new Running(spawn(command, args, { cwd: home }));
  started.add(running);
  return running;
}
