/** The frame that all subcommands share. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { endingOf } from '../../../src/cli/ending.ts';
import { CommandFailed, ExitCode } from '../../../src/cli/exit.ts';
import { program } from '../../../src/cli/program.ts';
import { PoolIsLocked } from '../../../src/errors.ts';
import { ROOT } from '../../support/built.ts';
import { taskpool, taskpoolProcess } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';

test('--version is the version of the package', async () => {
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  expect(await taskpoolProcess(['--version'])).toEqual({
    exitCode: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('--help goes to stdout and is fine', async () => {
  const { exitCode, stdout, stderr } = await taskpoolProcess(['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^Usage: taskpool /);
});

test('the help is the same whether its subcommands are made or only named', () => {
  expect(program('--help').helpInformation()).toBe(program().helpInformation());
  // What stands there is what each of them takes.
  for (const command of program().commands) {
    const term = command.createHelp().subcommandTerm(command);
    expect(program('--help').helpInformation()).toContain(`\n  ${term} `);
  }
});

test.each([
  ['an option there is not', ['--frob'], "unknown option '--frob'"],
  ['a command there is not', ['frob'], "unknown command 'frob'"],
])('%s is an error of usage', async (_, args, complaint) => {
  const { exitCode, stdout, stderr } = await taskpoolProcess(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^taskpool: .+\n\(--help lists commands and options\)\n$/);
  expect(stderr).toContain(complaint);
});

/** All options of `taskpool run` that take a value. */
const VALUES = (program('run').commands[0]?.options ?? []).filter(({ required }) => required);

test.each(VALUES.map(({ long, short }) => long ?? short ?? ''))(
  'an empty value of %s can be seen in the message, if it is refused',
  async (option) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'same.mjs'), 'export default (item) => item;');
    const isOfCluster = ['--redis', '--prefix'].includes(option);
    for (const what of isOfCluster
      ? [['--cluster', 'c', 'same.mjs']]
      : [['same.mjs'], ['-e', 'true']]) {
      const { exitCode, stderr } = await taskpool(['run', option, '', ...what, ':::', 'a'], {
        cwd,
      });
      expect(stderr).not.toMatch(/ got *$/m);
      expect(stderr).not.toMatch(/^ +at /m);
      expect([0, 1, 2]).toContain(exitCode);
    }
  },
);

test.each([
  [['control', 'unix', ''], "expected the path of a socket, got ''"],
  [['control', 'tcp', '', '80'], "expected a name or an address, got ''"],
  [['control', 'tcp', 'localhost', ' '], "expected an integer from 1 to 65535, got ' '"],
  [['dashboard', 'unix', ''], "expected the path of a socket, got ''"],
  [['dashboard', ''], "expected a journal that exists, got ''"],
  [['dashboard', '--port', ''], "expected an integer from 0 to 65535, got ''"],
  [['dashboard', 'tcp:localhost'], 'expected unix:PATH or tcp:HOST:PORT, got tcp:localhost'],
  [['inspect', '--port', ''], "expected an integer from 0 to 65535, got ''"],
  [['journal', ''], "expected a journal that exists, got ''"],
  [['run', '', ':::', 'a'], "expected a module that exists, got ''"],
  [
    ['run', '--cluster', 'a b', 'x', ':::', 'a'],
    "expected the name of a cluster to be 1 to 100 letters, digits, or any of _ . - { }, got 'a b'",
  ],
  [
    ['run', '-n', 'x', 'm.mjs', ':::', 'a'],
    "option '-n, --concurrency <count>' argument 'x' is invalid: expected a positive integer, got x",
  ],
  [
    ['control', 'tcp', 'localhost', 'x'],
    "value 'x' is invalid for argument 'port': expected an integer from 1 to 65535, got x",
  ],
  [
    ['run', '--cluster', 'c', '--redis', 'localhost', 'x', ':::', 'a'],
    'expected a URL in --redis that begins with redis:// or rediss://',
  ],
  [['worker', '--health', '', '--name', 'c', 'x'], "expected PORT or HOST:PORT, got ''"],
])('%j says what was expected', async (args, message) => {
  const { exitCode, stdout, stderr } = await taskpool(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^taskpool: .+\n(\(--help lists commands and options\)\n)?$/);
  expect(stderr).toContain(message);
});

test('a worker refuses a name that no cluster can have', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'same.mjs'), 'export default (item) => item;');
  expect(await taskpool(['worker', '--name', 'a b', 'same.mjs'], { cwd })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      "taskpool: expected the name of a cluster to be 1 to 100 letters, digits, or any of _ . - { }, got 'a b'\n",
  });
});

test('a name with a newline in it stays in its line', async () => {
  const { exitCode, stderr } = await taskpool(['journal', 'none\ntaskpool: fine']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'taskpool: expected a journal that exists, got none\\x0ataskpool: fine\n',
  });
});

/** Modules of Node that take it long to load, or many others. */
const SLOW = [
  'child_process',
  'dgram',
  'http',
  'https',
  'net',
  'readline',
  'tls',
  'worker_threads',
];

test.each([
  [
    'a run of a function',
    ['run', '-q', 'twice.mjs', ':::', 'ab'],
    [...SLOW, 'sqlite', 'crypto', 'stream', 'console', 'perf_hooks', 'zlib'],
  ],
  ['journal', ['journal', 'none.db'], SLOW],
  ['control', ['control', 'unix', 'none'], SLOW.filter((name) => name !== 'net')],
])('%s loads nothing that it does not need', async (_, args, needless) => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'twice.mjs'), 'export default (item) => item + item;');
  // Asking for a console loads more.
  const tells =
    'process.on("exit", () => { const list = process.moduleLoadList.join(); console.error(list) })';
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(tells)}` };
  const run = () => taskpoolProcess(args, { cwd, env });
  // The first time, code is unpacked.
  await run();
  const { stderr, stdout } = await run();
  expect(stdout).toBe(args[0] === 'run' ? '"abab"\n' : '');
  expect(stderr).toContain('NativeModule fs');
  expect(stderr).not.toMatch(new RegExp(`NativeModule (${needless.join('|')})\\b`));
});

describe('what a subcommand throws', () => {
  test('has the exit code it says, and no stack', () => {
    expect(endingOf(new CommandFailed(ExitCode.noConnection, 'nobody listens'))).toEqual({
      exitCode: 3,
      text: 'taskpool: nobody listens\n',
    });
  });

  test('of the pool or of the system is a failure, and no stack', () => {
    expect(endingOf(new PoolIsLocked('locked'))).toEqual({
      exitCode: 1,
      text: 'taskpool: locked\n',
    });
    const missing = Object.assign(new Error('ENOENT: no such file'), { syscall: 'open' });
    expect(endingOf(missing)).toEqual({ exitCode: 1, text: 'taskpool: ENOENT: no such file\n' });
  });

  test('unforeseen shows its stack', () => {
    expect(endingOf(new Error('a bug')).text).toMatch(/^taskpool: Error: a bug\n {4}at /);
    expect(endingOf('no error')).toEqual({ exitCode: 1, text: 'taskpool: threw "no error"\n' });
  });

  test('from the parser was said by the parser', () => {
    expect(endingOf(new CommanderError(1, 'commander.unknownOption', 'no'))).toEqual({
      exitCode: 2,
      text: '',
    });
    expect(endingOf(new CommanderError(0, 'commander.version', '1'))).toEqual({
      exitCode: 0,
      text: '',
    });
  });
});
