/** `taskpool` with a cluster and journals in Redis: real processes, killed and watched. */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import { type Ended, taskpool } from '../../support/command-line.ts';
import { kill } from '../../support/ended.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { Running } from '../../support/running.ts';

const PATIENCE = { timeout: 60_000 };

/** Notes each item that it begins with, and waits until a file is there that is called like it. */
const MODULE = `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
export default async function work(item) {
  appendFileSync('effects', item + '\\n');
  while (item.startsWith('wait') && !existsSync('go')) await wait(20);
  return item.toUpperCase();
}
`;

describeWithRedis('taskpool', () => {
  const redis = redisForTests({ password: 'never-shown' });
  let folder = '';
  beforeEach(async () => {
    folder = await temporaryFolder();
    writeFileSync(join(folder, 'work.mjs'), MODULE);
    writeFileSync(join(folder, 'effects'), '');
  });

  const env = () => ({ TASKPOOL_REDIS: redis.url });

  /** Runs the command to its end. */
  const run = (...args: string[]): Promise<Ended> => taskpool(args, { cwd: folder, env: env() });

  /** The command as a process, with a Redis in its environment. */
  function start(...words: string[]): { child: ChildProcess; running: Running } {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: { ...process.env, ...env() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => kill(child));
    return { child, running: new Running(child) };
  }

  const begun = () => readFileSync(join(folder, 'effects'), 'utf8').split('\n').filter(Boolean);

  test.each(['job.db', 'redis:job'])(
    'run --cluster that was killed takes up its calls: none is run again (journal %s)',
    async (journal) => {
      const name = journal.replace(/\W/g, '-');
      const worker = start('worker', 'work.mjs', '--name', name, '-c', '4');
      await worker.running.says(/ serves /);
      const items = ['done', 'wait-1', 'wait-2', 'last'];
      writeFileSync(join(folder, 'items'), `${items.join('\n')}\n`);
      const words = ['run', 'work.mjs', 'items', '--cluster', name, '-j', '3'];
      const options = ['--journal', journal, '--quiet'];
      const first = start(...words, ...options);
      await expect.poll(() => begun().length, PATIENCE).toBe(4);
      // The first and the last item are over, and known to be.
      await expect
        .poll(async () => (await run('journal', journal, '--json')).stdout, PATIENCE)
        .toMatch(/"fulfilled":2/);
      first.running.kill('SIGKILL');
      await first.running.exitCode;
      writeFileSync(join(folder, 'go'), '');
      const second = start(...words, ...options);
      expect(await second.running.exitCode).toBe(0);
      expect(begun().sort()).toEqual([...items].sort());
      const results = await run('journal', journal, '--results');
      const lines = results.stdout.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toEqual(
        items.map((item) => item.toUpperCase()),
      );
      const said = [worker, first, second].map(({ running }) => running.output);
      expect([...said, results.stderr].join()).not.toContain('never-shown');
    },
  );

  test('journal and run say that there is no such journal in Redis', async () => {
    const shown = await run('journal', 'redis:nothing');
    expect(shown.exitCode).not.toBe(0);
    expect(shown.stderr).toContain('expected a journal with events, got none in');
    writeFileSync(join(folder, 'items'), 'a\n');
    const resumed = await run('run', 'work.mjs', 'items', '--resume', 'redis:nothing');
    expect(resumed.exitCode).toBe(2);
    expect(resumed.stderr).toContain('expected a journal to resume, got none at');
  });

  test('dashboard shows a journal in Redis', async () => {
    writeFileSync(join(folder, 'items'), 'a\nb\n');
    const ran = await run('run', 'work.mjs', 'items', '--journal', 'redis:shown', '--quiet');
    expect(ran.exitCode).toBe(0);
    const { running } = start('dashboard', 'redis:shown');
    await running.says(/http:\/\/\S+/);
    const url = /http:\/\/[^\s#]+/.exec(running.output)?.[0] ?? '';
    expect((await fetch(url)).status).toBe(200);
    running.kill('SIGINT');
    await running.exitCode;
  });

  test('worker --watch starts again when its modules change, without the URL in ps', async () => {
    const module = (name: string) =>
      writeFileSync(
        join(folder, 'work.mjs'),
        `export { dep } from './dep.mjs';\nexport async function ${name}() {}\n`,
      );
    writeFileSync(join(folder, 'dep.mjs'), 'export async function dep() {}\n');
    module('first');
    const { running } = start('worker', 'work.mjs', '--name', 'watched', '--watch');
    await running.says(/ serves dep, first /);
    // Editors put another file in its place: more than once.
    const replace = (name: string, text: string) => {
      writeFileSync(join(folder, 'draft'), text);
      renameSync(join(folder, 'draft'), join(folder, name));
    };
    replace('work.mjs', 'export async function second() {}\n');
    await running.says(/ serves second /);
    replace('work.mjs', 'export async function (');
    await running.says(/the worker has ended: it starts again when a module changes/);
    module('third');
    await running.says(/ serves dep, third /);
    // In one step: a signal would find a worker that is started once more for the second one.
    replace('dep.mjs', 'export async function dep() {} // another one\n');
    await running.says(/dep\.mjs has changed[\s\S]* serves dep, third /);
    running.kill('SIGTERM');
    expect(await running.exitCode).toBe(0);
    expect(running.output).not.toContain('never-shown');
  });
});

describe('a password on the command line', () => {
  test.each([
    ['worker', 'work.mjs', '--name', 'x', '--redis', 'redis://:never-shown@127.0.0.1:1'],
    ['journal', 'redis://:never-shown@127.0.0.1:1/name'],
  ])('is refused, and not repeated: %s', async (...words) => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'work.mjs'), MODULE);
    const { exitCode, stdout, stderr } = await taskpool(words, { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('TASKPOOL_REDIS');
    expect(stderr).not.toContain('never-shown');
  });
});

describe('a worker of a module', () => {
  test.each([
    ['that is not there', 'none.mjs', 'expected a module that exists, got none.mjs'],
    ['that throws', 'throws.mjs', 'expected a module that loads, got throws.mjs: no use (/'],
  ])('%s says so in a line', async (_, path, complaint) => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'throws.mjs'), 'throw new Error("no\\nuse")');
    const words = ['worker', path, '--name', 'x', '--redis', 'redis://127.0.0.1:1'];
    const { exitCode, stderr } = await taskpool(words, { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(complaint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
