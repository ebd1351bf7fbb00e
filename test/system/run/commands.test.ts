/** What becomes of commands, of what they print, and of the processes that they leave. */

import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PoolEvent } from 'xstate-taskpool';
import { MAIN, ROOT } from '../../support/built.ts';
import { type RunOptions, taskpool } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { Live } from '../../support/live.ts';
import { withMoreTime } from '../../support/more-time.ts';
import { hasTool } from '../../support/tools.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const run = (args: readonly string[], options: RunOptions = {}) =>
  taskpool(['run', '-q', ...args], { cwd: folder, ...options });

/** A program in a shell of its own, as one would type it. */
async function inShell(script: string) {
  const live = new Live('/bin/bash', ['-c', script], {
    cwd: folder,
    env: { ...process.env, RUN: `${process.execPath} ${MAIN} run -q` },
  });
  const ended = await live.ended;
  return { ...ended, stdout: live.stdout, stderr: live.stderr };
}

/** Writes a line once what was written before was read, whatever lies between: a pipe or a socket. */
const ABC = `
import fcntl, os, stat, struct, termios, time
def waiting(fd):
    request = termios.FIONREAD if stat.S_ISFIFO(os.fstat(fd).st_mode) else termios.TIOCOUTQ
    return struct.unpack('i', fcntl.ioctl(fd, request, struct.pack('i', 0)))[0]
for fd, line in ((1, b'a\\n'), (2, b'b\\n'), (1, b'c\\n')):
    os.write(fd, line)
    while waiting(fd) > 0: time.sleep(0.01)
`;

/** Waits in a command until the run has said something, of which there is a file. */
const UNTIL_SAID = 'until [ -s said ]; do sleep 0.05; done';

const numbers = (n: number) => Array.from({ length: n }, (_, i) => `${i + 1}\n`).join('');

describe('what a command has printed before it failed', () => {
  const PRINTS = 'echo out {}; echo err {} >&2; exit {}';

  test('is printed where it belongs, as that of the others', async () => {
    const ended = await run(['-r', '-n', '3', '-e', `sleep 0.{}; ${PRINTS}`], {
      input: '3\n0\n1\n',
    });
    expect(ended.stdout).toBe('out 3\nout 0\nout 1\n');
    const said = ended.stderr.split('\n').filter((line) => !line.startsWith('taskpool'));
    expect(said).toEqual(['err 3', 'err 0', 'err 1', '']);
    expect(ended.exitCode).toBe(1);
  });

  test('is in JSON, and with its item there is the error', async () => {
    const plain = await run(['-e', PRINTS], { input: '0\n1\n' });
    expect(plain.stdout).toBe('"out 0"\n"out 1"\n');
    const { stdout } = await run(['-e', PRINTS, '--with-item'], { input: '0\n1\n' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { item: '0', result: 'out 0' },
      { item: '1', result: 'out 1', error: 'exit code 1' },
    ]);
  });

  test('is printed when it took too long, or when a signal ended it', async () => {
    await withMoreTime([500, 5000, 30_000], async (timeout) => {
      const command = ['--timeout', `${timeout}ms`, '-e', 'echo a {}; sleep 60'];
      const late = await run(['-r', ...command], { input: '1' });
      expect(late).toMatchObject({ exitCode: 1, stdout: 'a 1\n' });
    });
    const killed = await run(['-r', '-e', 'echo a {}; kill -9 $$'], { input: '1' });
    expect(killed).toMatchObject({ exitCode: 1, stdout: 'a 1\n' });
  });

  test('is that of the last attempt; the journal has that of each', async () => {
    const command = 'echo a >> tried; wc -l < tried; echo err >&2; exit 1 # {}';
    const args = ['-r', '--retries', '1', '--retry-delay', '10ms', '-e', command];
    const ended = await run([...args, '--journal', 'tried.jsonl'], { input: '1' });
    expect(ended.stdout).toBe('2\n');
    expect(ended.stderr).toBe('err\ntaskpool: failed: 1: exit code 1\n');
    const show = (...flags: string[]) =>
      taskpool(['journal', 'tried.jsonl', ...flags], { cwd: folder });
    expect(await show('--results')).toEqual({ exitCode: 0, stdout: '2\n', stderr: 'err\n' });
    const { stdout } = await show('--events', '--json');
    const events = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as PoolEvent)
      .filter(({ type }) => type === 'task.progressed' || type === 'task.failed');
    const output = (count: string) => ({
      output: [
        { stream: 'stdout', text: count },
        { stream: 'stderr', text: 'err\n' },
      ],
      failed: true,
    });
    const error = { name: 'CommandError', message: 'exit code 1', code: 1 };
    expect(events).toMatchObject([
      { type: 'task.progressed', progress: output('1\n') },
      { type: 'task.failed', attempt: 1, error },
      { type: 'task.progressed', progress: output('2\n') },
    ]);
  });

  test('stays in order where stdout and stderr are one', async () => {
    await writeFile(join(folder, 'abc.py'), ABC);
    const { stdout } = await inShell(`echo x | $RUN -r -e 'python3 abc.py; : {}' 2>&1`);
    expect(stdout).toBe('a\nb\nc\n');
  });
});

test('the line about a failure comes before the output of later items', async () => {
  const code = `
      import { setTimeout as delay } from 'node:timers/promises';
      let end;
      const isOver = new Promise((resolve) => { end = resolve; });
      export default async (item) => {
        if (item === 'b') return end() ?? item;
        await isOver;
        await delay(50);
        throw new Error('no use');
      };`;
  await writeFile(join(folder, 'fails.mjs'), code);
  const { stdout } = await inShell(`$RUN -j 2 -r fails.mjs ::: a b 2>&1`);
  expect(stdout).toBe('taskpool: failed: a: no use\nb\n');
});

describe('an item ends with its command', () => {
  test('though a process that it left in the background holds its pipes', async () => {
    const ended = await run(['-r', '-e', 'sleep 300 & echo $! >> left; seq 100000; echo {}'], {
      input: '1\n2\n',
    });
    expect(ended.stdout).toBe(`${numbers(100_000)}1\n${numbers(100_000)}2\n`);
    // It was not to end, and goes on.
    const left = (await readFile(join(folder, 'left'), 'utf8')).trim().split('\n').map(Number);
    expect(left).toHaveLength(2);
    for (const pid of left) expect(process.kill(pid, 'SIGKILL')).toBe(true);
  });

  test.skipIf(
    !hasTool('unshare') || spawnSync('unshare', ['--pid', '--fork', 'true']).status !== 0,
  )('and is not waited for as a zombie where nobody reaps them', async () => {
    // Whoever waits for them waits longer than a test may take.
    const command = 'sleep 500 & sleep 500 | sleep 600; : {}';
    for (const proc of ['', '--mount-proc']) {
      // taskpool itself is process 1, and takes no note of those that it inherits.
      const ended = await inShell(
        `echo 1 | unshare --pid --fork ${proc} $RUN --timeout 300ms --kill-after 600s -e '${command}'`,
      );
      expect(ended.stderr).toContain('took longer than 0.3 s');
    }
  });
});

test('without a terminal --tty is refused before anything runs', async () => {
  const { exitCode, stderr } = await inShell('setsid -w $RUN --tty -e "echo {}" ::: a b');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'taskpool: expected a terminal for --tty, got none\n',
  });
});

test('a folder in the place of stdin is refused, and is no empty input', async () => {
  const { exitCode, stderr } = await inShell('$RUN -e "echo {}" < .');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: 'taskpool: cannot read the input: stdin is a folder\n',
  });
});

test('a command is placed where its process has been started', async () => {
  const ended = await run(['-r', '-e', 'echo pid $$ # {}', '--journal', 'placed.jsonl'], {
    input: '1',
  });
  const shown = await taskpool(['journal', 'placed.jsonl', '--events', '--json'], { cwd: folder });
  const events = shown.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PoolEvent)
    .filter(({ type }) => type === 'task.placed');
  expect(events).toMatchObject([{ by: ended.stdout.trim() }]);
});

describe('with fewer resources than were asked for', () => {
  test('of file descriptors, fewer run at once, all are done, and it is said once', async () => {
    // They wait until it was said, each for a line of its own.
    const ended = await inShell(
      `mkfifo gate; exec 9<> gate; ulimit -n 128
       (for _ in $(seq 600); do [ -s said ] && break; sleep 0.1; done; seq 60 >&9) &
       seq 60 | $RUN -r -n 60 -e 'read _ < gate; echo {}' 2> said; code=$?; cat said >&2; exit $code`,
    );
    expect(ended).toMatchObject({ exitCode: 0, stdout: numbers(60) });
    expect(ended.stderr).toMatch(
      /^taskpool: 128 open files \(ulimit -n\) are enough for \d+ commands at once, so no more run\n$/,
    );
  });

  test.skipIf(!hasTool('prlimit'))('also when that shows only on the way', async () => {
    // The second command takes them away, before there are any others, which wait until it was said.
    const lower = 'if [ {} = 2 ]; then prlimit --pid $PPID --nofile=64 && touch lowered; fi';
    const ended = await inShell(
      `(seq 2; until [ -e lowered ]; do sleep 0.05; done; seq 3 50) |
         $RUN -r -n 50 -e '${lower}; ${UNTIL_SAID}; echo {}' 2> said; code=$?; cat said >&2; exit $code`,
    );
    expect(ended).toMatchObject({ exitCode: 0, stdout: numbers(50) });
    expect(ended.stderr).toMatch(
      /^taskpool: there can be no more open files \(ulimit -n\), so no more than \d+ commands run at once\n$/,
    );
  });

  test.skipIf(!hasTool('prlimit'))('the wait for room is no part of --timeout', async () => {
    // The first command takes all of them away for longer than a command may take.
    await writeFile(join(folder, 'second.sh'), 'echo ran');
    await withMoreTime([1, 10], async (timeout) => {
      const limit = (most: number) => `prlimit --pid $PPID --nofile=${most}:`;
      const taken = `sh -c 'sleep ${1.5 * timeout}; exec prlimit --pid $0 --nofile=256:' $PPID >&- 2>&- &`;
      await writeFile(join(folder, 'first.sh'), `${taken} ${limit(8)}; touch taken-${timeout}`);
      const ended = await inShell(
        `(echo first.sh; until [ -e taken-${timeout} ]; do sleep 0.05; done; echo second.sh) |
           $RUN -r -j 2 --timeout ${timeout}s -e 'sh {}'`,
      );
      expect(ended).toMatchObject({ exitCode: 0, stdout: 'ran\n' });
    });
  });

  test.skipIf(process.getuid?.() !== 0 || !hasTool('setpriv'))(
    'of processes likewise',
    async () => {
      const user = 'setpriv --reuid 61234 --regid 61234 --clear-groups';
      // The user may have no way into the folders of the repository and of Node.
      const command = `./node package/dist/cli/main.cjs run -q`;
      const ended = await inShell(
        `cp '${process.execPath}' node; mkdir -p package/dist; cp -r '${dirname(MAIN)}' package/dist
       mkdir package/node_modules; cp -r '${ROOT}'/node_modules/{json5,ws} package/node_modules
       cp '${ROOT}/package.json' package; chmod -R a+rX ${folder}; RUN='${command}'
       touch said; chmod a+rw said
       seq 60 | ${user} bash -c "ulimit -u 60; $RUN -r -n 60 -e '${UNTIL_SAID}; echo {}' 2> said"
       code=$?; cat said >&2; exit $code`,
      );
      expect(ended).toMatchObject({ exitCode: 0, stdout: numbers(60) });
      expect(ended.stderr).toMatch(
        /^taskpool: 60 processes \(ulimit -u\) are enough for \d+ .*\n$/,
      );
    },
  );

  test('what waits for room is not begun after Ctrl-C', async () => {
    const command = '[ {} = 1 ] || until [ -e gate ]; do sleep 0.05; done; echo {}';
    const script = `ulimit -n 64; seq 50 > fifty; exec $RUN -r -n 50 -e '${command}' fifty`;
    const live = new Live('/bin/bash', ['-c', script], {
      cwd: folder,
      env: { ...process.env, RUN: `${process.execPath} ${MAIN} run -q` },
    });
    await live.until((it) => it.stdout.includes('1\n') && it.stderr.includes('ulimit -n'));
    live.kill('SIGINT');
    await live.until((it) => it.stderr.includes('SIGINT'));
    await writeFile(join(folder, 'gate'), '');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live.stdout.split('\n').length).toBeLessThan(40);
    expect(live.stderr).not.toContain('failed');
  });
});
