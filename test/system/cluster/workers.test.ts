/** Workers as processes, that are told to end, or killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TaskPool } from 'xstate-taskpool';
import { cluster } from 'xstate-taskpool/cluster';
import { MAIN } from '../../support/built.ts';
import { ended, kill } from '../../support/ended.ts';
import { withMoreTime } from '../../support/more-time.ts';
import { describeWithRedis, redisForTests } from '../../support/redis.ts';
import { Running } from '../../support/running.ts';

/** Notes each item that it has begun, and gives it back after a while. */
const MODULE = `
import { appendFileSync } from 'node:fs';
export async function slow(item, { signal }) {
  appendFileSync(process.env.EFFECTS, item + '\\n');
  await new Promise((resolve, reject) => {
    setTimeout(resolve, 300);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  return item;
}
export async function block(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}
`;

interface Functions {
  slow(item: number): Promise<number>;
  block(ms: number): Promise<number>;
}

describeWithRedis('worker processes', () => {
  const redis = redisForTests({ password: 'secret' });
  let folder = '';
  let effects = '';
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taskpool-cluster-'));
    effects = join(folder, 'effects');
    writeFileSync(join(folder, 'work.mjs'), MODULE);
    writeFileSync(effects, '');
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
    rmSync(folder, { recursive: true });
  });

  /** A worker that serves; with what it says on stderr. */
  async function worker(name: string, ...options: string[]) {
    const words = ['worker', join(folder, 'work.mjs'), '--name', name, '-c', '4', ...options];
    const child = spawn(process.execPath, [MAIN, ...words], {
      env: { ...process.env, EFFECTS: effects, TASKPOOL_REDIS: redis.url },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    const said: string[] = [];
    const lines = createInterface({ input: child.stderr });
    lines.on('line', (line) => said.push(line));
    await expect.poll(() => said.join('\n')).toContain(' serves block, slow as ');
    return { child, said };
  }

  const begun = () => readFileSync(effects, 'utf8').split('\n').filter(Boolean).map(Number);

  it('that are killed lose their calls, which others run again', async () => {
    const first = await worker('killed');
    await using work = cluster<Functions>('killed', { connection: redis.url });
    const pool = new TaskPool({ poolSize: 8 });
    const items = Array.from({ length: 24 }, (_, item) => item);
    const results = pool.map(work.slow, items, { retry: { limit: 5 } }).results();
    await expect.poll(() => begun().length).toBeGreaterThan(0);
    first.child.kill('SIGKILL');
    await worker('killed');
    expect(await results).toEqual(items);
    expect(new Set(begun())).toEqual(new Set(items));
    await pool.gatherAndClose();
  });

  it('that get SIGTERM give back what does not end in time, as the same attempt', async () => {
    const first = await worker('ended', '--grace', '0');
    await using work = cluster<Functions>('ended', { connection: redis.url });
    const pool = new TaskPool({ poolSize: 8 });
    const items = Array.from({ length: 16 }, (_, item) => item);
    const results = pool.map(work.slow, items).results();
    await expect.poll(() => begun().length).toBeGreaterThan(0);
    first.child.kill('SIGTERM');
    expect(await ended(first.child)).toBe(0);
    await worker('ended');
    expect(await results).toEqual(items);
    expect(pool.snapshot().tasks.every(({ attempt }) => attempt === 1)).toBe(true);
    await pool.gatherAndClose();
  });

  it('say how they are, never the password, and when they were blocked; another program by their name does not start', async () => {
    const { said } = await worker('health', '--health', '0');
    await expect.poll(() => said.join('\n')).toContain('/health');
    const url = /http:\S+(?=\/health)/.exec(said.join('\n'))?.[0];
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ name: 'health', isAlive: true, running: 0 });
    const before = await (await fetch(`${url}/metrics`)).text();
    expect(before).toContain('taskpool_worker_alive 1');

    // Longer than a worker lasts of which nothing is heard. Its thread may be late itself.
    await withMoreTime([2000, 10_000], async (lease) => {
      await using work = cluster<Functions>('health', { connection: redis.url, lease });
      const pool = new TaskPool();
      expect(await pool.map(work.block, [lease + 1500]).results()).toEqual([lease + 1500]);
      expect(pool.snapshot().tasks[0]).toMatchObject({ attempt: 1 });
      await pool.gatherAndClose();
    });
    await expect
      .poll(() => said.join('\n'))
      .toMatch(/the event loop was blocked for \d{4,} ms: cancels could not be heard/);
    const after = await (await fetch(`${url}/metrics`)).text();
    expect(after).toMatch(/taskpool_worker_blocked\S* [1-9]/);
    expect(said.join('\n')).not.toContain('secret');
    await refusesAnotherProgram('health');
  });

  /** A worker of another program by the name of one that serves does not start, and says why. */
  async function refusesAnotherProgram(name: string): Promise<void> {
    writeFileSync(join(folder, 'other.mjs'), 'export async function unrelated() {}\n');
    const words = ['worker', join(folder, 'other.mjs'), '--name', name];
    const child = spawn(process.execPath, [MAIN, ...words], {
      env: { ...process.env, TASKPOOL_REDIS: redis.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const running = new Running(child);
    expect(await running.exitCode).not.toBe(0);
    expect(running.output).toMatch(/a name of its own for a program that serves unrelated/);
    expect(running.output).toMatch(/serves block, slow by it; choose another name or prefix/);
  }
});
