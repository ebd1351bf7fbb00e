/** `taskpool dashboard` and `taskpool run --dashboard`, as processes, with a client in place of the page. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { ControlLink } from 'xstate-taskpool/control/client';
import { MAIN } from '../../support/built.ts';
import { taskpool, taskpoolProcess } from '../../support/command-line.ts';
import {
  closeServers,
  serveTcp,
  serveUnix,
  temporaryFolder,
} from '../../support/control/served.ts';
import { partsOf, wsLines } from '../../support/control/web-socket.ts';
import { ended } from '../../support/ended.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await closeServers();
});

interface Started {
  readonly child: ChildProcess;
  /** The first line that it has printed. */
  readonly first: string;
}

function start(
  args: readonly string[],
  stream: 'stdout' | 'stderr' = 'stdout',
  env = {},
): Promise<Started> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  undo.push(() => child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  return new Promise((resolve, reject) => {
    let text = '';
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece));
    child[stream].setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) resolve({ child, first: text.slice(0, text.indexOf('\n')) });
    });
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}

function connect(url: string): ControlLink {
  const { socket, token } = partsOf(url);
  const link = new ControlLink({ connect: wsLines(socket), token });
  undo.push(() => link.close());
  return link;
}

function interrupted(child: ChildProcess): Promise<number | null> {
  child.kill('SIGINT');
  return ended(child);
}

test('a journal is shown as it was, at any event, and cannot be changed', async () => {
  const journal = join(await temporaryFolder(), 'run.db');
  const options = ['-q', '-e', 'test {} != 3', '--journal', journal];
  await taskpool(['run', ...options, ':::', '1', '2', '3', '4']);
  const { child, first } = await start(['dashboard', journal]);
  expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+$/);
  const link = connect(first);
  expect(await link.connected()).toMatchObject({ readOnly: true });
  const { state, lastSeq } = await link.request('state');
  expect(state).toMatchObject({ totals: { created: 4, fulfilled: 3, rejected: 1 } });
  expect((await link.request('state', { at: 0 })).state).toMatchObject({ totals: { created: 0 } });
  expect((await link.request('statistics')).total.outcomes.rejected).toBe(1);
  const { buckets } = await link.request('density', { buckets: 5 });
  expect(buckets.reduce((sum, { events }) => sum + events, 0)).toBe(lastSeq + 1);
  await expect(link.request('lock')).rejects.toMatchObject({ code: 'ReadOnly' });
  const { events } = await link.request('events', { types: ['task.queued'], limit: 1 });
  const { sentence } = await link.request('explain', { what: 0, at: events[0]?.seq ?? 0 });
  expect(sentence).toMatch(/^task 0 of '.+' waits/);
  expect(await link.request('stuck')).toEqual([]);
  link.close();
  expect(await interrupted(child)).toBe(0);
});

test.runIf(process.platform === 'linux')(
  '--open opens the link, and says if there is no browser',
  async () => {
    const folder = await temporaryFolder();
    // The shell's own commands need no PATH.
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${folder}/link'\nexit 3\n`, {
      mode: 0o755,
    });
    const opened = (path: string) => {
      const child = spawn(process.execPath, [MAIN, 'inspect', '--port', '0', '--open'], {
        env: { ...process.env, PATH: path },
      });
      undo.push(() => child.kill('SIGKILL'));
      let text = '';
      child.stderr.setEncoding('utf8');
      return new Promise<string>((resolve) => {
        child.stderr.on('data', (piece: string) => {
          text += piece;
          if (text.includes('browser')) resolve(text);
        });
      });
    };
    expect(await opened(folder)).toContain('open the link: xdg-open ended with exit code 3');
    const link = await readFile(join(folder, 'link'), 'utf8');
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+\n$/);
    expect(await opened(join(folder, 'none'))).toContain('open the link: spawn xdg-open ENOENT');
  },
);

test('a journal that is still written is followed', async () => {
  const journal = join(await temporaryFolder(), 'run.jsonl');
  const run = spawn(process.execPath, [MAIN, 'run', '-e', 'echo {}', '-q', '--journal', journal]);
  undo.push(() => run.kill('SIGKILL'));
  run.stdin.write('1\n2\n');
  await new Promise((resolve) => run.stdout.once('data', resolve));
  let link: ControlLink | undefined;
  // Its first events are written a moment after its first result.
  for (let attempt = 0; link === undefined && attempt < 50; attempt++) {
    const started = await start(['dashboard', journal]).catch(() => undefined);
    if (started !== undefined) link = connect(started.first);
  }
  if (link === undefined) throw new Error('expected a journal with events');
  const events = link.watch({ since: 0, types: ['task.ended', 'pool.closed'] });
  run.stdin.end('3\n');
  const types: string[] = [];
  for await (const { type } of events) types.push(type);
  expect(types).toEqual(['task.ended', 'task.ended', 'task.ended', 'pool.closed']);
});

test('a running program is shown through its control server, and changed', async () => {
  const pool = new TaskPool({ name: 'harbour', poolSize: 2 });
  const { port } = await serveTcp(pool, { token: 'secret' });
  const { first } = await start(
    ['dashboard', 'tcp', '127.0.0.1', String(port), '--port', '0'],
    'stdout',
    {
      TASKPOOL_TOKEN: 'secret',
    },
  );
  const link = connect(first);
  expect(await link.connected()).toMatchObject({ pool: 'TaskPool-harbour', readOnly: false });
  const events = link.watch({ since: 0 });
  await link.request('poolSize', { size: 9 });
  expect(pool.poolSize).toBe(9);
  expect((await events.next()).value).toMatchObject({ type: 'pool.resized', poolSize: 9 });
  const { socket } = partsOf(first);
  const stranger = new ControlLink({ connect: wsLines(socket), token: 'secret' });
  undo.push(() => stranger.close());
  await expect(stranger.connected()).rejects.toMatchObject({ code: 'NotAuthorized' });
});

test('with --read-only nothing of a running program is changed', async () => {
  const pool = new TaskPool({ name: 'harbour', poolSize: 2 });
  const { path } = await serveUnix(pool);
  const { first } = await start(['dashboard', 'unix', path, '--read-only']);
  const link = connect(first);
  expect(await link.connected()).toMatchObject({ readOnly: true });
  await expect(link.request('poolSize', { size: 9 })).rejects.toMatchObject({ code: 'ReadOnly' });
  await expect(link.line('pool-size 9')).rejects.toMatchObject({ code: 'ReadOnly' });
  await expect(link.line('nonsense')).rejects.toMatchObject({ code: 'CommandNotFound' });
  expect(await link.request('poolSize')).toBe(2);
  expect(pool.poolSize).toBe(2);
});

test('a run serves a page while it runs, and says so on stderr first', async () => {
  const { child, first } = await start(['run', '-e', 'echo {}', '--dashboard', '-q'], 'stderr');
  expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=/);
  const link = connect(first);
  await link.connected();
  child.stdin?.end('1\n2\n');
  expect(await ended(child)).toBe(0);
});

test('what cannot be shown is said, with the exit code of it', async () => {
  const nothing = await taskpool(['dashboard', '/nowhere/run.db']);
  expect([nothing.exitCode, nothing.stdout]).toEqual([2, '']);
  const nobody = await taskpool(['dashboard', 'unix', '/nowhere/pool.sock']);
  expect([nobody.exitCode, nobody.stdout]).toEqual([3, '']);
  expect((await taskpool(['dashboard'])).exitCode).toBe(2);
});

test('Ctrl-C in the moment in which it is offered ends a page in order', async () => {
  // The process sends it to itself while it writes the line.
  const folder = await temporaryFolder();
  const eager = `
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text, ...rest) => {
      if (String(text).includes('Ctrl-C ends it')) process.kill(process.pid, 'SIGINT');
      return write(text, ...rest);
    };`;
  await writeFile(join(folder, 'eager.mjs'), eager);
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'eager.mjs'))}` };
  const { path } = await serveUnix(new TaskPool({ poolSize: 1 }));
  for (const args of [
    ['dashboard', 'unix', path],
    ['inspect', '--port', '0'],
  ]) {
    expect(await taskpoolProcess(args, { env })).toMatchObject({ exitCode: 0 });
  }
});
