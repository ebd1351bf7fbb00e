/** Compiled code of the command line that is kept for the next time. */

import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import { taskpoolProcess } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';

/** What keeps code in a folder, and where it does. */
async function newCache() {
  const folder = await temporaryFolder();
  const taskpool = (args: string[], env = {}) =>
    taskpoolProcess(args, { env: { NODE_COMPILE_CACHE: folder, ...env } });
  const run = async (env = {}) => {
    const { exitCode, stdout } = await taskpool(['run', '-q', '-re', 'echo {}', ':::', 'a'], env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'a\n' });
  };
  return { folder, taskpool, run };
}

async function placeIn(folder: string): Promise<string> {
  const [place = ''] = await placesIn(folder);
  return place;
}

/** Node has a folder of its own there since version 22. */
async function placesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith('taskpool-code-'))
    .map((name) => join(folder, name));
}

test('the first run keeps it, and the next one uses it', async () => {
  const { folder, run } = await newCache();
  await run();
  const place = await placeIn(folder);
  expect(await readdir(place)).toContain('run-command-line.cjs');
  expect((await stat(place)).mode & 0o777).toBe(0o700);
  const file = join(place, 'run-start.cjs');
  const before = await stat(file);
  await run();
  expect((await stat(file)).ino).toBe(before.ino);
});

test('one item takes a few files, which are those that it needs', async () => {
  const { folder, run } = await newCache();
  await run();
  // Each other one takes time before the first item: something is loaded too early.
  expect((await readdir(await placeIn(folder))).sort()).toEqual([
    'run-command-line.cjs',
    'run-command-work.cjs',
    'run-shared.cjs',
    'run-start.cjs',
  ]);
});

test('what is kept of a run does not depend on what was called first', async () => {
  const { folder, taskpool, run } = await newCache();
  await taskpool(['journal', '/nowhere']);
  const place = await placeIn(folder);
  const before = await stat(join(place, 'shared.cjs'));
  await run();
  // It called more of that file than the other one did.
  expect((await stat(join(place, 'run-shared.cjs'))).size).toBeGreaterThan(before.size);
});

test('what is of another build, cut off, or no code, is made anew', async () => {
  const { folder, run } = await newCache();
  await run();
  const place = await placeIn(folder);
  const good = await readFile(join(place, 'run-start.cjs'));
  const others = [
    Buffer.alloc(0),
    Buffer.from('no code'),
    good.subarray(0, good.length / 2),
    Buffer.concat([good.subarray(0, 32), Buffer.from('no code')]),
    Buffer.concat([Buffer.alloc(32, 'f'), good.subarray(32)]),
  ];
  for (const other of others) {
    await writeFile(join(place, 'run-start.cjs'), other);
    await run();
    const made = await readFile(join(place, 'run-start.cjs'));
    expect(made.subarray(0, 32)).toEqual(good.subarray(0, 32));
    expect(made.length).toBeGreaterThan(good.length / 2);
  }
});

test('each installation has code of its own, since stack traces name its files', async () => {
  const { folder, run } = await newCache();
  await run();
  const copy = join(await temporaryFolder(), 'cli');
  await cp(dirname(MAIN), copy, { recursive: true });
  const env = { ...process.env, NODE_COMPILE_CACHE: folder };
  execFileSync(process.execPath, [join(copy, 'main.cjs'), 'run', '-qe', 'true', ':::', 'a'], {
    env,
  });
  expect(await placesIn(folder)).toHaveLength(2);
});

test('a folder that others can write to is not used', async () => {
  const { folder, run } = await newCache();
  await run();
  const place = await placeIn(folder);
  await writeFile(join(place, 'run-start.cjs'), '');
  await chmod(place, 0o770);
  await run();
  expect(await readFile(join(place, 'run-start.cjs'), 'utf8')).toBe('');
});

test('nothing is kept where there is no place for it, or Node is told to keep nothing', async () => {
  const { folder, run } = await newCache();
  await run({ NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(await readdir(folder)).toEqual([]);
  await writeFile(join(folder, 'file'), '');
  await run({ NODE_COMPILE_CACHE: join(folder, 'file') });
  await mkdir(join(folder, 'closed'), { mode: 0o500 });
  await run({ NODE_COMPILE_CACHE: join(folder, 'closed') });
});
