/** `taskpool` with a cluster and journals in Redis: real processes, killed and watched. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { Running } from '../../support/running.ts';

const PATIENCE = { timeout: 60_000 };
/** Each look is a process. */
const LOOKING = { timeout: 60_000, interval: 500 };

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

  /** The command, with a Redis in its environment. */
  function taskpool(...words: string[]): { child: ChildProcess; running: Running } {
    const child = spawn(process.execPath, [MAIN, ...words], {
      cwd: folder,
      env: { ...process.env, TASKPOOL_REDIS: redis.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    return { child, running: new Running(child) };
  }

  const begun = () => readFileSync(join(folder, 'effects'), 'utf8').split('\n').filter(Boolean);

  test.each(['job.db', 'redis:job'])(
    'run --cluster that was killed takes up its calls: none is run again (journal %s)',
    async (journal) => {
      const name = journal.replace(/\W/g, '-');
      const worker = taskpool('worker', 'work.mjs', '--name', name, '-c', '4');
      await worker.running.says(/ serves /);
      const items = ['done', 'wait-1', 'wait-2', 'last'];
      writeFileSync(join(folder, 'items'), `${items.join('\n')}\n`);
      const words = ['run', 'work.mjs', 'items', '--cluster', name, '-j', '3'];
      const options = ['--journal', journal, '--quiet'];
      const first = taskpool(...words, ...options);
      await expect.poll(() => begun().length, PATIENCE).toBe(4);
      // The first and the last item are over, and known to be.
      await expect
        .poll(async () => {
          const { running } = taskpool('journal', journal, '--json');
          await running.exitCode;
          return running.output;
        }, LOOKING)
        .toMatch(/"fulfilled":2/);
      first.running.kill('SIGKILL');
      await first.running.exitCode;
      writeFileSync(join(folder, 'go'), '');
      const second = taskpool(...words, ...options);
      expect(await second.running.exitCode).toBe(0);
      expect(begun().sort()).toEqual([...items].sort());
      const results = taskpool('journal', journal, '--results');
      await results.running.exitCode;
      const lines = results.running.output.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toEqual(
        items.map((item) => item.toUpperCase()),
      );
      for (const { running } of [worker, first, second, results]) {
        expect(running.output).not.toContain('never-shown');
      }
    },
  );

  test('journal and run say that there is no such journal in Redis', async () => {
    const shown = taskpool('journal', 'redis:nothing');
    expect(await shown.running.exitCode).not.toBe(0);
    expect(shown.running.output).toContain('expected a journal with events, got none in');
    writeFileSync(join(folder, 'items'), 'a\n');
    const resumed = taskpool('run', 'work.mjs', 'items', '--resume', 'redis:nothing');
    expect(await resumed.running.exitCode).toBe(2);
    expect(resumed.running.output).toContain('expected a journal to resume, got none at');
  });

  test('dashboard shows a journal in Redis', async () => {
    writeFileSync(join(folder, 'items'), 'a\nb\n');
    const run = taskpool('run', 'work.mjs', 'items', '--journal', 'redis:shown', '--quiet');
    expect(await run.running.exitCode).toBe(0);
    const { running } = taskpool('dashboard', 'redis:shown');
    await running.says(/http:\/\/\S+/);
    const url = /http:\/\/[^\s#]+/.exec(running.output)?.[0] ?? '';
    expect((await fetch(url)).status).toBe(200);
    running.kill('SIGINT');
    await running.exitCode;
  });

  test('worker --watch starts again when its module changes, without the URL in ps', async () => {
    const { running } = taskpool('worker', 'work.mjs', '--name', 'watched', '--watch');
    await running.says(/ serves default /);
    writeFileSync(join(folder, 'work.mjs'), `${MODULE}\nexport async function more() {}\n`);
    await running.says(/ serves default, more /);
    running.kill('SIGTERM');
    await running.exitCode;
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
    const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder });
    const running = new Running(child);
    expect(await running.exitCode).toBe(2);
    expect(running.output).toContain('TASKPOOL_REDIS');
    expect(running.output).not.toContain('never-shown');
  });
});
