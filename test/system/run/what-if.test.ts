/** `taskpool journal --what-if`. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import type { Simulation } from 'xstate-taskpool/simulate';
import { SimulatedClock } from 'xstate-taskpool/testing';
import { openJournal } from '../../../src/cli/journal/open-journal.ts';
import { taskpool } from '../../support/command-line.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskpool-what-if-'));
  const clock = new SimulatedClock();
  const wait = () => clock.sleep(150);
  const pool = new TaskPool({ poolSize: 2, clock });
  pool.map(wait, [1, 2, 3, 4, 5, 6, 7, 8], { numConcurrent: 2 });
  await clock.until(pool.gatherAndClose());
  const journal = await openJournal(join(folder, 'run.db'), false);
  await journal.append([...pool.journal]);
  await journal.close();
});

afterAll(() => rm(folder, { recursive: true }));

const whatIf = (...settings: string[]) =>
  taskpool(['journal', 'run.db', '--what-if', ...settings], { cwd: folder });

async function data(...settings: string[]): Promise<Simulation> {
  const { stdout, stderr } = await whatIf(...settings, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Simulation;
}

test('the same size takes what it took, within 5 %', async () => {
  const { recorded, simulated } = await data('pool-size=2');
  expect(recorded.tasks).toBe(8);
  expect(simulated.makespan / recorded.makespan).toBeGreaterThan(0.95);
  expect(simulated.makespan / recorded.makespan).toBeLessThan(1.05);
});

test('twice the size takes half the time; a table says so', async () => {
  const { recorded, simulated } = await data('pool-size=4', 'num-concurrent=4');
  expect(simulated.makespan / recorded.makespan).toBeLessThan(0.7);
  const { stdout } = await whatIf('pool-size=4');
  expect(stdout).toMatch(/^ +recorded +pool-size=4$/m);
  expect(stdout).toMatch(/^makespan +\d+ ms +\d+ ms$/m);
  expect(stdout).toMatch(/^utilisation +\d+ % +\d+ %$/m);
});

test('what a rate allows and what is tried again is part of it', async () => {
  const flaky =
    'export default (item, { attempt }) => { if (item === "2" && attempt === 1) throw new Error("no"); };\n';
  await writeFile(join(folder, 'flaky.mjs'), flaky);
  const args = [
    'run',
    '-q',
    'flaky.mjs',
    '--rate',
    '3/300ms',
    '--retries',
    '1',
    '--retry-delay',
    '0',
  ];
  await taskpool([...args, '--journal', 'rated.db'], {
    cwd: folder,
    input: '1\n2\n3\n4\n5\n6\n7\n8\n',
  });
  const { stdout } = await taskpool(
    ['journal', 'rated.db', '--what-if', 'pool-size=100', '--json'],
    { cwd: folder },
  );
  const { recorded, simulated } = JSON.parse(stdout) as Simulation;
  expect([recorded.tasks, simulated.tasks]).toEqual([8, 8]);
  // Nine attempts: the last of them starts two windows after the first.
  expect(simulated.makespan).toBeGreaterThanOrEqual(600);
});

test('other limits by name are simulated, and those that there are not refused', async () => {
  const clock = new SimulatedClock();
  const limits = { host: { concurrent: 1, rate: { max: 1, per: 100 } } };
  const pool = new TaskPool({ clock, limits });
  pool.map(() => clock.sleep(200), [1, 2, 3, 4], { numConcurrent: 9, limits: { host: true } });
  await clock.until(pool.gatherAndClose());
  const journal = await openJournal(join(folder, 'limited.db'), false);
  await journal.append([...pool.journal]);
  await journal.close();
  const simulated = async (...settings: string[]) => {
    const args = ['journal', 'limited.db', '--what-if', ...settings, '--json'];
    const { exitCode, stdout, stderr } = await taskpool(args, { cwd: folder });
    return exitCode === 0 ? (JSON.parse(stdout) as Simulation).simulated.makespan : stderr;
  };
  const both = ['limits.host.concurrent=4', 'limits.host.rate=2/300ms'];
  expect(await simulated('pool-size=8')).toBe(800);
  expect(await simulated(...both)).toBe(500);
  expect(await simulated('limits.hosts.concurrent=4')).toContain("got 'hosts': it has host");
  expect(await simulated('limits.host.rate=2')).toContain('such as 10/s, 600/m or 100/15s, got 2');
});

test('other settings are refused', async () => {
  const { exitCode, stderr } = await whatIf('pool-size=none');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    'expected pool-size=N, num-concurrent=N, limits.NAME.concurrent=N, limits.NAME.rate=N/TIME, aging=MS or ' +
      'arrivals=at-once|recorded, got pool-size=none',
  );
});
