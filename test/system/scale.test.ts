/** The simulation and the measurement that docs/scale.md is made of, short. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Figures } from '../../examples/scale/main.ts';
import type { Recovery } from '../../examples/scale/recovery.ts';
import type { RedisCost } from '../../examples/scale/redis-cost.ts';
import { builtProgram } from '../support/built.ts';
import { describeWithRedis, redisForTests } from '../support/redis.ts';

const run = promisify(execFile);

async function figuresOf(program: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [builtProgram(program), ...args]);
  return JSON.parse(stdout);
}

test('a coordinator keeps its workers busy, loses no task with a worker, and its journal is read again', async () => {
  const setting = { tasks: 2000, workers: 50, mean: 1000, lifetime: 500, tick: 20 };
  const args = Object.entries(setting).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const figures = (await figuresOf('examples/scale/main.ts', ...args)) as Figures;
  expect(figures.makespan).toBeGreaterThan(40);
  expect(figures.utilisation).toBeGreaterThan(0.7);
  expect(figures.utilisation).toBeLessThan(1);
  expect(figures.lostAttempts).toBeGreaterThan(0);
  expect(figures.eventsPerTask).toBeGreaterThanOrEqual(3);
  expect(figures.bytesPerTask).toBeLessThan(400);
  expect(figures.recoveryPerEvent).toBeGreaterThan(0);
});

test('a pool whose process was killed is continued, from checkpoints or from all of its events', async () => {
  const recovered = async (checkpoints: number) => {
    const args = ['--tasks', '1000', '--checkpoints', String(checkpoints)];
    return (await figuresOf('examples/scale/recovery.ts', ...args)) as Recovery;
  };
  const [all, some] = await Promise.all([recovered(0), recovered(500)]);
  for (const { ended, continued } of [all, some]) {
    expect(ended).toBe(500);
    expect(continued).toBeGreaterThanOrEqual(500);
  }
  expect(some.events).toBeLessThan(all.events);
});

describeWithRedis('in Redis', () => {
  const server = redisForTests();

  test('what a task costs is measured', async () => {
    const cost = (await figuresOf('examples/scale/redis-cost.ts', server.url, '2000')) as RedisCost;
    expect(cost.appendsPerTask).toBeLessThan(3);
    expect(cost.bytesPerTask).toBeLessThan(400);
  });
});
