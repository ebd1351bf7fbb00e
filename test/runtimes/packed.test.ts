/** The packed package, installed into an empty folder, does there what the README says. */

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { transformWithOxc } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, programOf } from '../docs/markdown.ts';
import { ROOT } from '../support/built.ts';
import { describeWithRedis, redisForTests } from '../support/redis.ts';
import { NODES, nodeOf } from './installed.ts';

const MAX_BYTES = 1_200_000;
/** The code of the command line. */
const ARCHIVE = 'dist/cli/code.json.br';
const MAX_FILES = 450;

/** Lines of doc comments, whose examples import what users have. */
const DOCS = /\/\*\*[\s\S]*?\*\//g;
/** `from './x.js'`, `import './x.js'`, `import('./x.js')` and `require('./x.cjs')`. */
const RELATIVE = /\b(?:from ?|import ?|import\(|require\()["'`](\.\.?\/[^"'`]*)["'`]/g;

/** What `npm pack --json` says of the package. */
interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let home: string;
let packed: Packed;
let installed: Ended;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'taskpool-packed-'));
  // It was built before the tests.
  const { stdout } = await run(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', home],
    ROOT,
  );
  [packed] = JSON.parse(stdout) as [Packed];
  await mkdir(join(home, 'app'));
  // Otherwise npm looks for one in the folders above.
  await write('package.json', '{ "private": true }');
  installed = await inApp('npm', 'install', '--prefer-offline', join(home, packed.filename));
});

afterAll(() => rm(home, { recursive: true, force: true }));

test('it is small', () => {
  expect(packed.unpackedSize).toBeLessThanOrEqual(MAX_BYTES);
  expect(packed.files.length).toBeLessThanOrEqual(MAX_FILES);
});

test('it has no sources and no maps, and the licences of what is bundled', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths.filter((path) => !/^dist\/|^[A-Z]+(\.md)?$|^package.json$/.test(path))).toEqual([]);
  expect(paths.filter((path) => /\.map$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  expect(paths).toContain('dist/cli/LICENSES');
});

test('whatever its files import from each other is there', async () => {
  const folder = join(home, 'app/node_modules/xstate-taskpool');
  const paths = packed.files.map(({ path }) => path);
  const sources = paths.filter((path) => /(?<!\.d)\.js$|\.d\.ts$|\.cjs$/.test(path));
  const files = await Promise.all(
    sources.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const),
  );
  const archive = brotliDecompressSync(await readFile(join(folder, ARCHIVE)));
  for (const [name, code] of Object.entries<string>(JSON.parse(String(archive)))) {
    files.push([join(dirname(ARCHIVE), name), code]);
  }
  const known = new Set([...paths, ...files.map(([path]) => path)]);
  const missing: string[] = [];
  for (const [path, code] of files) {
    for (const [, target = ''] of code.replace(DOCS, '').matchAll(RELATIVE)) {
      const found = join(dirname(path), target);
      const isThere = known.has(path.endsWith('.d.ts') ? found.replace(/\.js$/, '.d.ts') : found);
      if (!isThere) missing.push(found);
    }
  }
  expect(files.length).toBeGreaterThan(sources.length);
  expect(missing).toEqual([]);
});

test('an error that nobody catches shows a line, not a file', async () => {
  await write(
    'thrower.mjs',
    `(await import('xstate-taskpool')).TaskPool.scope({ poolSize: -1 }, () => {})`,
  );
  const { code, stderr } = await inApp('node', 'thrower.mjs');
  expect(code).toBe(1);
  expect(stderr).toMatch(/at checkLimit \(/);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(500);
});

test('a part that is used alone brings nothing else along', async () => {
  const entry = join(home, 'app/alone.mjs');
  await writeFile(entry, `import { Queue } from 'xstate-taskpool'; console.log(Queue)`);
  const bundle = await rolldown({ input: entry, platform: 'browser' });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0].code.length).toBeLessThan(7000);
});

test('installing it warns of nothing', () => {
  expect(installed.code).toBe(0);
  expect(installed.stdout + installed.stderr).not.toMatch(/warn|deprecated/i);
});

test('the README’s first example runs', async () => {
  const [block] = await readmeBlocks('ts');
  const check = await readFile(join(ROOT, 'test/docs/check.ts'), 'utf8');
  await write('check.mjs', (await transformWithOxc(check, 'check.ts')).code);
  const program = programOf(block!, './check.mjs');
  await write('example.mjs', (await transformWithOxc(program, 'example.ts')).code);
  expect(await inApp('node', 'example.mjs')).toMatchObject({ code: 0, stderr: '' });
});

test.each(NODES)('the README’s CommonJS runs, without a warning, on Node %s', async (tag) => {
  const [block] = await readmeBlocks('cjs');
  await write('example.cjs', block!.code);
  const ran = await inApp(nodeOf(tag), 'example.cjs');
  expect(ran).toEqual({ code: 0, stdout: '[ 3, 5 ]\n', stderr: '' });
});

test.each(NODES)('all it exports can be imported and required, on Node %s', async (tag) => {
  const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  const names = Object.keys(exports).map((name) => name.replace('.', 'xstate-taskpool'));
  const code = names
    .filter((name) => !name.endsWith('.json'))
    .map((name) => `assert.equal(require('${name}'), await import('${name}'));`);
  const begin = `
    import assert from 'node:assert/strict';
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    assert.equal(require('xstate-taskpool/package.json').name, 'xstate-taskpool');`;
  await write('all.mjs', [begin, ...code].join('\n'));
  expect(await inApp(nodeOf(tag), 'all.mjs')).toEqual({ code: 0, stdout: '', stderr: '' });
});

describe('functions that run elsewhere', () => {
  const logAll = `
    const pool = new TaskPool();
    console.log(await pool.map(work.double, [1, 2, 3]).results());
    await work.close();`;

  beforeAll(async () => {
    await write('work.mjs', 'export const double = async (n, { attempt }) => 2 * n * attempt;');
  });

  test('run in threads', async () => {
    await write(
      'threads.mjs',
      `import { TaskPool } from 'xstate-taskpool';
      import { threads } from 'xstate-taskpool/threads';
      const work = threads(new URL('./work.mjs', import.meta.url), { max: 2 });
      ${logAll}`,
    );
    const ran = await inApp('node', 'threads.mjs');
    expect(ran).toEqual({ code: 0, stdout: '[ 2, 4, 6 ]\n', stderr: '' });
  });

  test('say what a cluster and a journal in Redis need', async () => {
    await write(
      'without.mjs',
      `import { cluster, serve } from 'xstate-taskpool/cluster';
      import { RedisStore } from 'xstate-taskpool/journal/redis';
      const connection = 'redis://127.0.0.1:1';
      const work = cluster('mine', { connection });
      const all = [work.double(1), serve({ double() {} }, 'mine', { connection }),
        RedisStore.open('mine', { connection })];
      for (const { reason } of await Promise.allSettled(all)) console.log(reason.message);`,
    );
    const { code, stdout } = await inApp('node', 'without.mjs');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(
      ['bullmq|ioredis', 'bullmq', 'ioredis'].map((name) =>
        expect.stringMatching(`expected (${name}), got none: install \\1 [0-9]`),
      ),
    );
  });

  test('say which versions they need, where there are others', async () => {
    // ioredis 4 was the class itself, and BullMQ 5 does not say which one it is.
    const older = { bullmq: 'exports.Worker = class {};', ioredis: 'module.exports = class {};' };
    for (const [peer, code] of Object.entries(older)) {
      await mkdir(join(home, 'app/node_modules', peer));
      await write(join('node_modules', peer, 'index.js'), code);
    }
    const { code, stdout } = await inApp('node', 'without.mjs');
    for (const peer of Object.keys(older)) {
      await rm(join(home, 'app/node_modules', peer), { recursive: true });
    }
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(
      ['bullmq|ioredis', 'bullmq', 'ioredis'].map((name) =>
        expect.stringMatching(`expected (${name}) [0-9].*, got an older one: install \\1 [0-9]`),
      ),
    );
  });

  describeWithRedis('with Redis', () => {
    const redis = redisForTests();

    test('run in a cluster, with the journal there', async () => {
      for (const peer of ['bullmq', 'ioredis']) {
        await symlink(join(ROOT, 'node_modules', peer), join(home, 'app/node_modules', peer));
      }
      await write(
        'cluster.mjs',
        `import { TaskPool } from 'xstate-taskpool';
        import { cluster, serve } from 'xstate-taskpool/cluster';
        import { RedisStore } from 'xstate-taskpool/journal/redis';
        const connection = '${redis.url}';
        const worker = await serve(await import('./work.mjs'), 'packed', { connection });
        const work = cluster('packed', { connection });
        const journal = await RedisStore.open('packed', { connection });
        const pool = new TaskPool({ journal, functions: { double: work.double } });
        console.log(await pool.map(work.double, [1, 2, 3]).results());
        await pool.gatherAndClose();
        await journal.close();
        console.log(await RedisStore.remove('packed', { connection }));
        await work.close();
        await worker.close();`,
      );
      const ran = await inApp('node', 'cluster.mjs');
      expect(ran).toEqual({ code: 0, stdout: '[ 2, 4, 6 ]\ntrue\n', stderr: '' });
    });
  });
});

describe('the README’s command lines', () => {
  test('run, resume and look into a journal', async () => {
    const blocks = await readmeBlocks('sh');
    const lines = blocks.map(({ code }) => code).find((code) => code.includes('npx taskpool run'));
    const [first, second, third] = (lines ?? '').trim().split('\n');
    await rm(join(home, 'app/run.jsonl'), { recursive: true, force: true });
    // The real one takes a second, each time: the help below is asked for by it.
    const npx = '#!/bin/sh\nprogram=$1; shift; exec "node_modules/.bin/$program" "$@"\n';
    await mkdir(join(home, 'app/bin'));
    await writeFile(join(home, 'app/bin/npx'), npx, { mode: 0o755 });
    const inShell = (line: string) => inApp('sh', '-c', `PATH="$PWD/bin:$PATH"; ${line}`);

    const ran = await inShell(first!);
    const numbers = Array.from({ length: 100 }, (_, n) => `${n + 1}\n`).join('');
    expect(ran).toMatchObject({ code: 0, stdout: numbers });
    const again = await inShell(second!);
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('this run is finished: 100 succeeded');
    const shown = await inShell(third!);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('100');
  });

  test('and so does the help, with every subcommand', async () => {
    const { code, stdout } = await inApp('npx', 'taskpool', '--help');
    expect(code).toBe(0);
    for (const name of ['control', 'journal', 'run']) expect(stdout).toContain(`  ${name} `);
  });
});

async function readmeBlocks(info: string) {
  const blocks = blocksOf(await readFile(join(ROOT, 'README.md'), 'utf8'));
  return blocks.filter((block) => block.info === info);
}

const write = (path: string, text: string) => writeFile(join(home, 'app', path), text);

const inApp = (command: string, ...args: string[]) => run(command, args, join(home, 'app'));

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as a shell of a user does, not as the `npm test` that runs this. */
function run(command: string, args: string[], cwd: string): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_OPTIONS$/.test(name));
  const env = Object.fromEntries(own);
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}
