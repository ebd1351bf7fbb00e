/** Another process of the same machine continues a journal in files. Real processes, killed and frozen. */

import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PoolEvent, replay } from 'xstate-taskpool';
import { all } from '../../support/batches.ts';
import { builtProgram } from '../../support/built.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { isLong } from '../../support/length.ts';
import { Running } from '../../support/running.ts';
import { jsonlKind, sqliteKinds } from '../../support/stores.ts';

/** Half of them are done before anything happens. */
const ITEMS = isLong ? 1000 : 200;
/** Milliseconds after which the next one leads, at the latest. */
const FAILOVER = 3000;

const sqliteKind = sqliteKinds[0] as (typeof sqliteKinds)[number];

describe.each([
  { ...sqliteKind, ending: '.db', lock: (path: string) => `${path}.lock` },
  { ...jsonlKind, ending: '', lock: (path: string) => join(path, 'lock') },
])('standing by, $name', ({ type, open, ending, lock }) => {
  async function processes() {
    const folder = await temporaryFolder();
    const path = join(folder, `journal${ending}`);
    const file = join(folder, 'effects');
    const go = join(folder, 'go');
    const start = (): Running => {
      const program = builtProgram('test/system/programs/standing-by.ts');
      const args = ['-', type, path, file, String(ITEMS), '0', go];
      const child = spawn(process.execPath, [program, ...args]);
      onTestFinished(() => void child.kill('SIGKILL'));
      return new Running(child);
    };
    const events = async (): Promise<PoolEvent[]> => {
      const reader = await open(path, { readonly: true });
      return all(reader.read());
    };
    const first = start();
    await first.says(/leads/);
    const second = start();
    await second.says(/waits/);
    const numEnded = async () =>
      (await events()).filter(({ type: each }) => each === 'task.ended').length;
    await expect.poll(numEnded).toBeGreaterThan(20);
    const loseLock = () => rm(lock(path));
    const release = () => writeFile(go, '');
    return { first, second, file, events, loseLock, release };
  }

  async function expectAllDone(file: string, events: readonly PoolEvent[]): Promise<void> {
    expect(replay(events)).toMatchObject({ status: 'closed', totals: { fulfilled: ITEMS } });
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const items = new Set(lines.map((line) => Number.parseInt(line, 10)));
    expect(items).toEqual(new Set(Array(ITEMS).keys()));
  }

  test('continues what a process that was killed has left', async () => {
    const { first, second, file, events, release } = await processes();
    first.kill('SIGKILL');
    await release();
    const killed = performance.now();
    await second.says(/leads/);
    if (isLong) expect(performance.now() - killed).toBeLessThan(FAILOVER);
    await second.says(/done/);
    await expectAllDone(file, await events());
  });

  test('a process that was frozen and lost its lock writes nothing when it comes back', async () => {
    const { first, second, file, events, loseLock, release } = await processes();
    first.kill('SIGSTOP');
    await release();
    // As a process in another container finds it, which cannot see the first one.
    await loseLock();
    const frozen = performance.now();
    await second.says(/leads/);
    if (isLong) expect(performance.now() - frozen).toBeLessThan(FAILOVER);
    first.kill('SIGCONT');
    await first.says(/stepped down: StoreLocked/);
    await first.says(/ended: /);
    expect(await first.exitCode).toBe(0);
    await second.says(/done/);
    expect(await second.exitCode).toBe(0);
    await expectAllDone(file, await events());
  });
});
