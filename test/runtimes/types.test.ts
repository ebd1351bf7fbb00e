/** The packed package under many compilers, without `skipLibCheck`. */

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { APP, TYPESCRIPTS, tscOf } from './installed.ts';

const CORE = `
import { replay, TaskPool, type TaskContext } from 'xstate-taskpool';
import { taskMachine } from 'xstate-taskpool/machines';

async function length(word: string, { signal }: TaskContext): Promise<number> {
  signal.throwIfAborted();
  return word.length;
}

async function main(): Promise<number[]> {
  await using pool = new TaskPool({ poolSize: 2 });
  replay(pool.journal);
  const id: string = taskMachine.id;
  return pool.map(length, [id, 'a']).results();
}
export { main };
`;

/** Those that need no package that users install themselves. */
const ENTRY_POINTS = [
  'autosize',
  'autosize/system',
  'control/client',
  'dashboard',
  'inspect',
  'inspector',
  'node',
  'recovery',
  'simulate',
  'statistics',
  'testing',
  'testing/contracts',
  'threads',
];

const ALL = `${CORE}
${ENTRY_POINTS.map((name, at) => `export * as entry${at} from 'xstate-taskpool/${name}';`).join('\n')}
import { connect, TCPControlServer } from 'xstate-taskpool/control';
import { JsonlStore } from 'xstate-taskpool/journal/jsonl';
import { SqliteStore } from 'xstate-taskpool/journal/sqlite';
export { connect, JsonlStore, SqliteStore, TCPControlServer };
`;

const FILES = { 'core.mts': CORE, 'all.mts': ALL, 'all.cts': ALL };
const NODENEXT = { module: 'nodenext', types: ['node'] };

/** What users have in their tsconfig, and how each compiles. */
const CONFIGS: Record<string, { files: (keyof typeof FILES)[]; options: object; from?: number }> = {
  nodenext: { files: ['all.mts'], options: NODENEXT },
  // Compilers before it do not know that CommonJS can require a module.
  'nodenext, CommonJS': { files: ['all.cts'], options: NODENEXT, from: 5.8 },
  bundler: {
    files: ['all.mts'],
    options: { module: 'esnext', moduleResolution: 'bundler', types: ['node'] },
  },
  'bundler, exact optional properties': {
    files: ['all.mts'],
    options: {
      module: 'esnext',
      moduleResolution: 'bundler',
      types: ['node'],
      exactOptionalPropertyTypes: true,
      // xstate's declarations do not pass.
      skipLibCheck: true,
    },
  },
  'bundler, for browsers': {
    files: ['core.mts'],
    options: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] },
  },
};

const cases = TYPESCRIPTS.flatMap((tag) =>
  Object.entries(CONFIGS)
    .filter(([, { from = 0 }]) => Number(tag) >= from)
    .map(([name, config]) => ({ tag, name, config })),
);

beforeAll(async () => {
  await mkdir(join(APP, 'types'), { recursive: true });
  for (const [path, code] of Object.entries(FILES)) {
    await writeFile(join(APP, 'types', path), code);
  }
});

// Old compilers use one core each.
describe.concurrent('compiles', () => {
  test.each(cases)('with TypeScript $tag, $name', async ({ tag, name, config }) => {
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'esnext.disposable'],
      strict: true,
      noEmit: true,
      ...config.options,
    };
    const project = join(APP, 'types', `${tag}-${name.replaceAll(/\W+/g, '-')}.json`);
    await writeFile(project, JSON.stringify({ compilerOptions, files: config.files }));
    expect(await outputOf(tscOf(tag), '-p', project)).toBe('');
  });
});

function outputOf(script: string, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve(stdout + stderr || (error?.message ?? ''));
    });
  });
}
