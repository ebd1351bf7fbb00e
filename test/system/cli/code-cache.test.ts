/** Compiled code of the command line that is kept for the next time. */

import { execFileSync } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN } from '../../support/built.ts';
import { taskpoolProcess } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folders.ts';

/** What a run of one item keeps. */
const FILES = ['run-command-line.cjs', 'run-command-work.cjs', 'run-shared.cjs', 'run-start.cjs'];

/** With the code that the first run of one item keeps. */
let filled: string;

beforeAll(async () => {
  filled = await mkdtemp(join(tmpdir(), 'taskpool-'));
  await cacheIn(filled).run();
});

afterAll(() => rm(filled, { recursive: true }));

/** What keeps code in a folder, and where it does. */
function cacheIn(folder: string) {
  const taskpool = (args: string[], env = {}) =>
    taskpoolProcess(args, { env: { NODE_COMPILE_CACHE: folder, ...env } });
  const run = async (env = {}) => {
    const { exitCode, stdout } = await taskpool(['run', '-q', '-re', 'echo {}', ':::', 'a'], env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'a\n' });
  };
  return { folder, taskpool, run };
}

const emptyCache = async () => cacheIn(await temporaryFolder());

async function filledCache() {
  const cache = await emptyCache();
  await cp(filled, cache.folder, { recursive: true });
  return { ...cache, place: await placeIn(cache.folder) };
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

test('one item keeps a few files, which are those that it needs, for its owner alone', async () => {
  const place = await placeIn(filled);
  // Each other one takes time before the first item: something is loaded too early.
  expect((await readdir(place)).sort()).toEqual(FILES);
  expect((await stat(place)).mode & 0o777).toBe(0o700);
});

test('the next run uses them', async () => {
  const { run, place } = await filledCache();
  const kept = () => Promise.all(FILES.map(async (name) => (await stat(join(place, name))).ino));
  const before = await kept();
  await run();
  expect(await kept()).toEqual(before);
});

test('what is kept of a run does not depend on what was called first', async () => {
  const { folder, taskpool, run } = await emptyCache();
  await taskpool(['journal', '/nowhere']);
  const place = await placeIn(folder);
  const before = await stat(join(place, 'shared.cjs'));
  await run();
  // It called more of that file than the other one did.
  expect((await stat(join(place, 'run-shared.cjs'))).size).toBeGreaterThan(before.size);
});

test('what is of another build, cut off, or no code, is made anew', async () => {
  const { run, place } = await filledCache();
  const read = () => Promise.all(FILES.map((name) => readFile(join(place, name))));
  const good = await read();
  const damages: ((good: Buffer) => Buffer)[] = [
    () => Buffer.alloc(0),
    () => Buffer.from('no code'),
    (good) => good.subarray(0, good.length / 2),
    (good) => Buffer.concat([good.subarray(0, 32), Buffer.from('no code')]),
    (good) => Buffer.concat([Buffer.alloc(32, 'f'), good.subarray(32)]),
  ];
  // Each of the files is damaged in another way; in the second round the first one in the last way.
  for (const first of [0, damages.length - 1]) {
    for (const [n, name] of FILES.entries()) {
      const damage = damages[(first + n) % damages.length] as (good: Buffer) => Buffer;
      await writeFile(join(place, name), damage(good[n] as Buffer));
    }
    await run();
    for (const [n, made] of (await read()).entries()) {
      const { length } = good[n] as Buffer;
      expect(made.subarray(0, 32)).toEqual(good[n]?.subarray(0, 32));
      expect(made.length).toBeGreaterThan(length / 2);
    }
  }
});

test('each installation has code of its own, since stack traces name its files', async () => {
  const { folder } = await filledCache();
  const copy = join(await temporaryFolder(), 'cli');
  await cp(dirname(MAIN), copy, { recursive: true });
  const env = { ...process.env, NODE_COMPILE_CACHE: folder };
  execFileSync(process.execPath, [join(copy, 'main.cjs'), 'run', '-qe', 'true', ':::', 'a'], {
    env,
  });
  expect(await placesIn(folder)).toHaveLength(2);
});

test('a folder that others can write to is not used', async () => {
  const { run, place } = await filledCache();
  await writeFile(join(place, 'run-start.cjs'), '');
  await chmod(place, 0o770);
  await run();
  expect(await readFile(join(place, 'run-start.cjs'), 'utf8')).toBe('');
});

test('nothing is kept where there is no place for it, or Node is told to keep nothing', async () => {
  const { folder, run } = await emptyCache();
  await run({ NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(await readdir(folder)).toEqual([]);
  await writeFile(join(folder, 'file'), '');
  await run({ NODE_COMPILE_CACHE: join(folder, 'file') });
  await mkdir(join(folder, 'closed'), { mode: 0o500 });
  await run({ NODE_COMPILE_CACHE: join(folder, 'closed') });
});
