/** `taskpool control … -- COMMAND`, and commands from a pipe. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { MAIN } from '../../../support/built.ts';
import { taskpool, taskpoolProcess } from '../../../support/command-line.ts';
import {
  closeServers,
  serveTcp,
  serveUnix,
  temporaryFolder,
} from '../../../support/control/served.ts';
import { simplePool, taskPool, untilAborted } from '../../../support/pools.ts';

afterEach(closeServers);

describe('one command', () => {
  test('changes the pool, answers on stdout and is fine, by TCP', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine' });
    const { args } = await serveTcp(pool);
    expect(await taskpoolProcess([...args, '--', 'pool-size', '10'])).toEqual({
      exitCode: 0,
      stdout: 'ok\n',
      stderr: '',
    });
    expect(pool.poolSize).toBe(10);
    expect((await taskpool([...args, 'pool-size'])).stdout).toBe('10\n');
  });

  test('and by a Unix socket', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveUnix(pool);
    const { exitCode, stdout } = await taskpool([...args, '--', 'start', '3']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'start-group-0\n' });
    expect(pool.numRunning).toBe(3);
    expect((await taskpool([...args, '--', 'stop', '2'])).stdout).toBe('2 1\n');
  });

  test('and by the address that taskpool run --control takes', async () => {
    const tcp = await serveTcp(simplePool(untilAborted, [], { poolSize: 3 }));
    const address = `tcp:127.0.0.1:${tcp.port}`;
    expect((await taskpool(['control', address, 'pool-size'])).stdout).toBe('3\n');
    const unix = await serveUnix(simplePool(untilAborted, [], { poolSize: 4 }));
    const { stdout } = await taskpool(['control', `unix:${unix.path}`, '--json', 'pool-size']);
    expect(stdout).toBe('{"ok":true,"value":4}\n');
  });

  test('keeps what the shell kept together', async () => {
    const pool = taskPool();
    const received: unknown[] = [];
    const { args } = await serveTcp(pool, {
      functions: { note: (...given: unknown[]) => received.push(given.slice(0, -1)) },
    });
    const words = ['apply', 'note', '-a', "['x y', {a: 1}, \"it's\"]", '-g', 'two words \\ "q"'];
    const { stdout } = await taskpool([...args, '--', ...words]);
    expect(stdout).toBe('two words \\ "q"\n');
    expect(received).toEqual([['x y', { a: 1 }, "it's"]]);
    expect(pool.getGroupIds('two words \\ "q"')).toEqual(new Set([0]));
  });

  test('has its options after it', async () => {
    const pool = taskPool({ poolSize: 0 });
    pool.map(untilAborted, [1, 2, 3], { groupName: 'three' });
    const { args } = await serveTcp(pool, { functions: { untilAborted } });
    expect(await taskpool([...args, '--json', 'tasks', '-l', '1'])).toMatchObject({ exitCode: 0 });
    const made = await taskpool([...args, 'apply', 'untilAborted', '-g', 'more', '--json']);
    expect(made).toEqual({ exitCode: 0, stdout: '{"ok":true,"value":"more"}\n', stderr: '' });
    expect((await taskpool([...args, 'priority', 'three', '-5'])).exitCode).toBe(0);
    expect(pool.group('three').priority).toBe(-5);
    // Without a command they can only be those of the program itself.
    const mistyped = await taskpool([...args, '--jsno']);
    expect(mistyped).toMatchObject({ exitCode: 2, stdout: '' });
    expect(mistyped.stderr).toContain("unknown option '--jsno'\n(Did you mean --json?)");
    pool.cancelAll();
  });

  test('that the pool refuses ends with 1, on stderr', async () => {
    const pool = simplePool(untilAborted, [], { name: 'mine' });
    pool.lock();
    const { args } = await serveTcp(pool);
    expect(await taskpool([...args, '--', 'start', '1'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'taskpool: expected an open pool for new tasks, got SimpleTaskPool-mine, which is locked\n',
    });
  });

  test.each([
    ['a command there is not', ['frob'], /expected a command, got 'frob'/],
    [
      'a command of the other kind of pool',
      ['map', 'f', '[]'],
      /expected a command of SimpleTaskPool/,
    ],
    ['a bad argument', ['pool-size', 'many'], /expected N to be a non-negative integer/],
    ['an argument too many', ['stop-all', '3'], /expected no more arguments, got 3/],
  ])('%s is an error of usage', async (_, words, complaint) => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const { exitCode, stdout, stderr } = await taskpool([...args, '--', ...words]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(complaint);
  });

  test('is helped with', async () => {
    const { args } = await serveTcp(simplePool(untilAborted));
    const { exitCode, stdout } = await taskpool([...args, '--', 'stop', '-h']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Cancel the N youngest tasks');
  });

  test('that takes its time is waited for', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const closed = taskpool([...args, '--', 'until-closed']);
    expect((await taskpool([...args, '--', 'gather-and-close'])).exitCode).toBe(0);
    expect(await closed).toEqual({ exitCode: 0, stdout: 'ok\n', stderr: '' });
    expect(pool.isClosed).toBe(true);
  });
});

describe('--json', () => {
  test('prints values and refusals as lines of JSON', async () => {
    const { args } = await serveTcp(simplePool(untilAborted, [], { poolSize: 4 }));
    const fine = await taskpool([...args, '--json', '--', 'pool-size']);
    expect(fine).toEqual({ exitCode: 0, stdout: '{"ok":true,"value":4}\n', stderr: '' });
    const refused = await taskpool([...args, '--json', '--', 'cancel', '7']);
    expect({ ...refused, stdout: JSON.parse(refused.stdout) }).toEqual({
      exitCode: 1,
      stdout: { ok: false, error: { code: 'TaskNotFound', message: expect.any(String) } },
      stderr: '',
    });
  });

  test('prints events as they come, until the pool is closed', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const input = 'watch pool.locked pool.closing pool.closed\n';
    const child = spawn(process.execPath, [MAIN, ...args, '--json']);
    const closed = once(child, 'close').then(([exitCode]) => exitCode);
    child.stdin.end(input);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    while (printed === '') {
      pool.lock();
      pool.unlock();
      await new Promise(setImmediate);
    }
    await pool.gatherAndClose();
    expect(await closed).toBe(0);
    const lines = printed.trimEnd().split('\n');
    expect(lines.slice(-3).map((line) => JSON.parse(line))).toEqual([
      { event: expect.objectContaining({ type: 'pool.closing' }) },
      { event: expect.objectContaining({ type: 'pool.closed' }) },
      { ok: true, value: null },
    ]);
  });
});

describe('commands from a pipe', () => {
  test('are carried out in order; the first refusal is the exit code', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const input = 'pool-size 2\n\nfrob\ncancel 99\nnum-running\n';
    expect(await taskpool(args, { input })).toEqual({
      exitCode: 2,
      stdout: 'ok\n0\n',
      stderr: expect.stringMatching(/^taskpool: .*'frob'.*\ntaskpool: .*99\n$/),
    });
  });

  test('end with exit', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const input = 'lock\nexit\nunlock\n';
    const { exitCode, stdout } = await taskpool(args, { input });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'ok\nok\n' });
    expect(pool.isLocked).toBe(true);
  });

  test('a reader that leaves in the middle of a watch ends it quietly', async () => {
    const pool = simplePool(untilAborted);
    const { args } = await serveTcp(pool);
    const child = spawn(process.execPath, [MAIN, ...args, '--', 'watch']);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    let ended = false;
    const closed = once(child, 'close').then(([exitCode]) => {
      ended = true;
      return exitCode;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    while (!ended) {
      pool.lock();
      pool.unlock();
      await new Promise(setImmediate);
    }
    expect({ exitCode: await closed, stderr }).toEqual({ exitCode: 141, stderr: '' });
  });
});

describe('without a connection it ends with 3', () => {
  test('when nobody listens', async () => {
    const { port, server, args } = await serveTcp(simplePool(untilAborted));
    await server.close();
    expect(await taskpool([...args, '--', 'status'])).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `taskpool: no connection to 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}\n`,
    });
    const path = `${await temporaryFolder()}/none.sock`;
    const unix = await taskpool(['control', 'unix', path, 'status']);
    expect(unix.exitCode).toBe(3);
    expect(unix.stderr).toContain('ENOENT');
  });

  test('when it is lost before the answer', async () => {
    const { server, args } = await serveTcp(simplePool(untilAborted));
    const waiting = taskpool([...args, '--', 'until-closed']);
    while (server.numConnections === 0) await new Promise(setImmediate);
    await server.close();
    const { exitCode, stdout, stderr } = await waiting;
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^taskpool: .+\n$/);
  });

  test('when something else listens', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const ended = await taskpool(['control', 'tcp', '127.0.0.1', String(port), 'status']);
    server.close();
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toContain('expected the greeting of a control server, got HTTP/1.1 400');
  });
});

test.each([
  ['no place', ['control']],
  ['another place', ['control', 'ftp', 'here']],
  ['no port', ['control', 'tcp', 'localhost']],
  ['an address without a port', ['control', 'tcp:localhost', 'status']],
  ['a port that is none', ['control', 'tcp', 'localhost', '70000']],
  ['an option there is not', ['control', 'unix', 'path', '--tls']],
  ['a token file that is not there', ['control', 'unix', 'path', '--token-file', '/none']],
  ['certificates that are not there', ['control', 'tcp', 'localhost', '1', '--ca', '/none']],
])('%s is an error of usage', async (_, args) => {
  const { exitCode, stdout, stderr } = await taskpool(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^(?:taskpool: .+|Usage: )/);
});
