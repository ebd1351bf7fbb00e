import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { otherRealm } from './test/support/other-realm.ts';

/** Where a report for `scripts/summarize-tests.js` goes, if one is wanted. */
const report = process.env['TEST_REPORT'];

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const timeouts = { unit: 10_000, property: 120_000, integration: 120_000 };
type Kind = keyof typeof timeouts;

/** Unit tests of what comes from users and goes to them. */
const REALM = [
  'async-sources',
  'bad-arguments',
  'callbacks',
  'cancel',
  'errors',
  'failures',
  'foreign-values',
  'iteration',
  'outcomes',
  'results',
  'scope',
  'signals',
  'snapshot',
  'sources',
  'subscribers',
  'task-context',
];

/** The same tests twice: whether an actor was made at once or when looked at must not show. */
const bothModes = (kind: Kind): TestProjectConfiguration[] =>
  ['lazy', 'eager'].map((actors) => ({
    extends: true,
    test: {
      name: `${kind}:${actors}`,
      include: [`test/${kind}/**/*.test.ts`],
      env: { TASKPOOL_ACTORS: actors },
      testTimeout: timeouts[kind],
      hookTimeout: timeouts[kind],
      // Heaps and processes meet a busy machine now and then.
      retry: kind === 'integration' ? 1 : 0,
    },
  }));

export default defineConfig({
  resolve: {
    // Longer names first: the first one that matches wins.
    alias: {
      'xstate-taskpool/machines': fromRoot('src/machines/index.ts'),
      'xstate-taskpool/inspect': fromRoot('src/inspect.ts'),
      'xstate-taskpool/recovery': fromRoot('src/recovery.ts'),
      'xstate-taskpool/control': fromRoot('src/node/control/index.ts'),
      'xstate-taskpool/journal/sqlite': fromRoot('src/node/journal/sqlite/index.ts'),
      'xstate-taskpool/journal/jsonl': fromRoot('src/node/journal/jsonl/index.ts'),
      'xstate-taskpool': fromRoot('src/index.ts'),
    },
  },
  // Node 20 cannot parse `await using`.
  oxc: { target: 'es2022' },
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    execArgv: ['--expose-gc'],
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      ...bothModes('unit'),
      {
        extends: true,
        // The library in a realm of its own, as Jest loads it: where foreign values come and go.
        plugins: [otherRealm('xstate-taskpool', fromRoot('src/index.ts'))],
        test: {
          name: 'unit:realm',
          include: REALM.map((name) => `test/unit/${name}.test.ts`),
          testTimeout: timeouts.unit,
        },
      },
      ...bothModes('property'),
      ...bothModes('integration'),
      {
        extends: true,
        // Whole processes, sockets and files: once, since actors are nothing they could tell.
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'docs',
          include: ['test/docs/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['test/types/**/*.test-d.ts'],
          },
        },
      },
    ],
  },
});
