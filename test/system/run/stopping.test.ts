/** A run that is told to stop: once it drains, twice it cancels, and then it ends at once. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAIN, ROOT } from '../../support/built.ts';
import { Live } from '../../support/live.ts';

let folder: string;
let live: Live;

const WORKER = `
import { existsSync, watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
const opened = async (name) => { while (!existsSync(name)) await delay(10); };
/** Says that it has begun, and ends when there is a file "gate". */
export default async (item, { log }) => { log('begun', item); await opened('gate'); return item; };
export const cancellable = (item, { signal, log }) => {
  log('begun', item);
  return delay(600_000, undefined, { signal });
};
/** Waits for something that keeps no process alive. */
export const quiet = (item) => new Promise((resolve) => setTimeout(resolve, 100, item).unref());
export const fails = (item, { log }) => { log('fails', item); throw new Error('never'); };
export const deaf = async (item, { log }) => { log('begun', item); await delay(600_000); };
`;

/** Its function runs in a thread, and is aborted over there. */
const IN_THREADS = `
import { threads } from ${JSON.stringify(pathToFileURL(join(ROOT, 'dist/threads/index.js')))};
export const { default: inThread } = threads(new URL('thread.mjs', import.meta.url));
export default inThread;
`;
const THREAD = `
import { setTimeout as delay } from 'node:timers/promises';
export default async (item, { signal, log }) => {
  log('begun', item);
  await delay(600_000, undefined, { signal });
};
`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-stop-'));
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  await writeFile(join(folder, 'in-threads.mjs'), IN_THREADS);
  await writeFile(join(folder, 'thread.mjs'), THREAD);
  await writeFile(join(folder, 'items.txt'), 'a\nb\nc\nd\ne\n');
});

afterEach(async () => {
  live.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function start(...args: string[]): void {
  live = new Live(process.execPath, [MAIN, 'run', '-q', '-n', '2', ...args], {
    cwd: folder,
  });
}

const begun = (n: number) => (it: Live) => it.stderr.split('begun').length > n;
const says = (text: string) => (it: Live) => it.stderr.includes(text);

test('SIGUSR1 lists what runs, SIGUSR2 says how far the run is, and it runs on', async () => {
  start('worker.mjs', 'items.txt');
  await live.until(begun(2));
  live.kill('SIGUSR1');
  await live.until(says(': b\n'));
  expect(live.stderr).toMatch(/^taskpool: running for .*: a\ntaskpool: running for .*: b$/m);
  // How many there are is known when the file has been read.
  await expect
    .poll(() => {
      live.kill('SIGUSR2');
      return live.stderr;
    })
    .toContain('0 of 5 done, 2 running');
  await writeFile(join(folder, 'gate'), '');
  expect(await live.ended).toEqual({ exitCode: 0, signal: null });
  expect(live.stdout).toBe('"a"\n"b"\n"c"\n"d"\n"e"\n');
});

describe('functions', () => {
  test('SIGINT once: what runs ends, and nothing else is begun', async () => {
    start('worker.mjs', 'items.txt');
    await live.until(begun(2));
    live.kill('SIGINT');
    await live.until(says('SIGINT: no further items start; waiting for 2'));
    await writeFile(join(folder, 'gate'), '');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live.stdout).toBe('"a"\n"b"\n');
    expect(live.stderr).not.toContain('begun c');
  });

  test('SIGINT twice: signals are aborted, which is no failure', async () => {
    start('worker.mjs', 'items.txt', '--export', 'cancellable', '--retries', '5');
    await live.until(begun(2));
    live.kill('SIGINT');
    await live.until(says('SIGINT'));
    live.kill('SIGINT');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live.stdout).toBe('');
    expect(live.stderr).not.toContain('failed');
  });

  test('SIGTERM: functions that run in threads are aborted over there', async () => {
    start('in-threads.mjs', 'items.txt');
    await live.until(begun(2));
    live.kill('SIGTERM');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(live.stderr).not.toContain('failed');
  });

  test('SIGINT a third time: functions that take no note of it are left', async () => {
    start('worker.mjs', 'items.txt', '--export', 'deaf');
    await live.until(begun(2));
    live.kill('SIGINT');
    await live.until(says('SIGINT: no further items start; waiting for 2'));
    live.kill('SIGINT');
    await live.until(says('SIGINT: aborting 2'));
    live.kill('SIGINT');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
  });

  test('SIGTERM cancels at once', async () => {
    start('worker.mjs', 'items.txt', '--export', 'cancellable');
    await live.until(begun(2));
    live.kill('SIGTERM');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
  });

  test('what came out of turn is printed in the end', async () => {
    await writeFile(
      join(folder, 'mixed.mjs'),
      `export default (item, { signal, log }) => {
         log('begun', item);
         return item === 'a' ? new Promise((_, no) => { signal.onabort = () => no(signal.reason); }) : item;
       };`,
    );
    start('mixed.mjs', 'items.txt');
    await live.until(begun(5));
    live.kill('SIGTERM');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(live.stdout).toBe('"b"\n"c"\n"d"\n"e"\n');
  });

  test('work that keeps no process alive is waited for', async () => {
    start('worker.mjs', 'items.txt', '--export', 'quiet');
    live.child.stdin?.end();
    expect(await live.ended).toEqual({ exitCode: 0, signal: null });
    expect(live.stdout).toBe('"a"\n"b"\n"c"\n"d"\n"e"\n');
  });

  test('what waits to be tried again has failed, if nothing is to be resumed', async () => {
    start('worker.mjs', 'items.txt', '--export', 'fails', '--retries', '9', '--retry-delay', '1m');
    await live.until(says('fails a'));
    live.kill('SIGINT');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live.stderr).toContain('taskpool: failed: a: never\n');
  });

  test('a stop ends waiting for input that does not come', async () => {
    start('worker.mjs');
    live.child.stdin?.write('a\n');
    await live.until(begun(1));
    live.kill('SIGINT');
    await live.until(says('SIGINT: no further items start; waiting for 1'));
    await writeFile(join(folder, 'gate'), '');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live.stdout).toBe('"a"\n');
  });
});

describe('commands', () => {
  /** Says that it has begun, and waits in a process of its own. */
  const WAIT = 'echo begun {} >> log; sleep 600 & echo $! >> pids; wait';

  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');

  /** Waits until a file has so many lines. */
  async function untilLines(name: string, count: number): Promise<string[]> {
    for (;;) {
      const lines = (await read(name)).split('\n').slice(0, -1);
      if (lines.length >= count) return lines;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const isAlive = (pid: string) => {
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  };

  /** Waits until processes are gone, which takes a moment. */
  async function untilGone(pids: readonly string[]): Promise<void> {
    while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  test('SIGINT once does not reach them', async () => {
    start(
      '-e',
      'echo begun >> log; while [ ! -e gate ]; do sleep 0.05; done; echo {}',
      'items.txt',
    );
    await untilLines('log', 2);
    live.kill('SIGINT');
    await live.until(says('SIGINT: no further items start; waiting for 2'));
    await writeFile(join(folder, 'gate'), '');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    expect(live.stdout).toBe('"a"\n"b"\n');
  });

  test('SIGINT twice ends them with all that they started', async () => {
    start('-e', WAIT, 'items.txt');
    const pids = await untilLines('pids', 2);
    expect(pids.every(isAlive)).toBe(true);
    live.kill('SIGINT');
    await live.until(says('SIGINT'));
    live.kill('SIGINT');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGINT' });
    // Zombies are alive as far as this can tell, until somebody has taken note of them.
    await untilGone(pids);
  });

  test('those that take no note of SIGTERM are killed', async () => {
    start('-e', `trap '' TERM; ${WAIT}; wait`, 'items.txt', '--kill-after', '200ms');
    const pids = await untilLines('pids', 2);
    live.kill('SIGTERM');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
    await untilGone(pids);
  });

  test('what they left behind, without our pipes, is ended as well', async () => {
    const command = `(trap '' TERM; exec > /dev/null 2>&1; sleep 600) & echo $! >> pids; sleep 600`;
    start('-e', `${command}; : {}`, 'items.txt', '--kill-after', '200ms');
    const pids = await untilLines('pids', 2);
    live.kill('SIGTERM');
    expect(await live.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
    await untilGone(pids);
  });
});
