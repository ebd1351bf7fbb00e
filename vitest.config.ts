import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };
import { isLong } from './test/support/length.ts';
import { otherRealm } from './test/support/other-realm.ts';

/** Where a report for `scripts/summarize-tests.js` goes, if one is wanted. */
const report = process.env['TEST_REPORT'];

// Every process of Node that starts would read them first, which takes longer than all else it does then.
// Tests start hundreds, of which none goes to the network.
delete process.env['NODE_EXTRA_CA_CERTS'];

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the package exports, as it was built. Longer names first: the first one that matches wins. */
const PACKAGE = Object.fromEntries(
  Object.entries(manifest.exports)
    .flatMap(([name, target]) =>
      typeof target === 'string'
        ? []
        : [[name.replace('.', manifest.name), fromRoot(target.default)] as const],
    )
    .sort(([a], [b]) => b.length - a.length),
);

/** The same from its sources, but for threads: each loads a file of its own. */
const SOURCES = Object.fromEntries(
  Object.entries(PACKAGE).map(([name, path]) => [
    name,
    name.endsWith('/threads') ? path : path.replace('/dist/', '/src/').replace(/js$/, 'ts'),
  ]),
);

/** How long a test may take, in milliseconds: what is in the way of a machine, not what a test needs. */
const TIMEOUTS = isLong
  ? { unit: 600_000, property: 1_800_000, integration: 1_200_000, docs: 240_000 }
  : { unit: 120_000, property: 600_000, integration: 240_000, docs: 240_000 };
type Kind = keyof typeof TIMEOUTS;

/**
 * How often a failed test is tried again where nobody watches: those of processes, sockets and pages depend on when a
 * machine with other work runs which process. `scripts/summarize-tests.js` lists all that needed it. A property is
 * never tried again: what it has found once is a fault.
 */
const RETRIES = { unit: 1, property: 0, integration: 2, docs: 1 };

/** Unit tests of what comes from users and goes to them. */
const REALM = [
  'async-sources',
  'bad-arguments',
  'callbacks',
  'cancel',
  'errors',
  'failures',
  'first-failure',
  'foreign-iterators',
  'foreign-promises',
  'foreign-signals',
  'foreign-values',
  'iteration',
  'limit-keys',
  'middleware',
  'outcomes',
  'promised-items',
  'results',
  'scope',
  'signals',
  'snapshot',
  'sources',
  'submit',
  'subscribers',
  'task-context',
  'what-counts-as-cancellation',
];

/** Files that change what others in the same process would meet, or measure it; some replace modules of the platform. */
const ISOLATED = [
  ...['unit/fake-timers', 'unit/fake-timers-servers'],
  ...['system/control/bound-address', 'system/journal/driver', 'system/journal/full-sync'],
].map((name) => `test/${name}.test.ts`);

/** Files that look at actors, which may have been made at once or are made now, or at what they hold. */
const ACTORS = [
  'unit/actors/**/*',
  'unit/inspect*',
  'integration/nothing-held',
  'integration/long-use',
].map((name) => `test/${name}.test.ts`);

/** A file of the browser that is run only where a variable asks for it: it measures, or makes pictures. */
const unless = (variable: string, name: string) =>
  process.env[variable] === undefined ? [`test/browser/${name}.test.ts`] : [];

/** The package as it is shipped, and programs, are built before the tests of a project, which import it. */
const BUILT = { globalSetup: ['test/support/built.ts'] };

/** Tests that mostly wait, for processes and sockets: after the others, more of them than there are cores. */
const WAITING = { maxWorkers: 3 * availableParallelism(), sequence: { groupOrder: 1 } };
const EAGER = { env: { TASKPOOL_ACTORS: 'eager' } };

type Project = Extract<TestProjectConfiguration, { test?: unknown }>;

/** Tests of a kind; `isolate: false` has files share a process and what it has loaded. */
const project = (kind: Kind, name: string, settings: Project['test']): Project => ({
  extends: true,
  ...(settings?.globalSetup && { resolve: { alias: PACKAGE } }),
  test: {
    name,
    testTimeout: TIMEOUTS[kind],
    hookTimeout: TIMEOUTS[kind],
    retry: process.env['CI'] ? RETRIES[kind] : 0,
    ...settings,
  },
});

export default defineConfig({
  resolve: { alias: SOURCES },
  // Node 20 cannot parse `await using`.
  oxc: { target: 'es2022' },
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    // With other processes on each core, threads of the garbage collector mostly wait for each other.
    execArgv: ['--expose-gc', '--single-threaded-gc'],
    // Most projects load the same modules: each is transformed once for all, and for later runs, also after `npm ci`.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'build/.vitest' },
    // What was built is loaded as users load it.
    server: { deps: { external: [new RegExp(`^${fromRoot('dist/')}`)] } },
    // What is asked again and again may take as long as a test: machines can be busy.
    expect: { poll: { timeout: 60_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      project('unit', 'unit', {
        include: ['test/unit/**/*.test.ts'],
        exclude: ISOLATED,
        isolate: false,
      }),
      {
        // The library in a realm of its own, as Jest loads it: where foreign values come and go.
        plugins: [otherRealm('xstate-taskpool', fromRoot('src/index.ts'))],
        ...project('unit', 'unit:realm', {
          include: REALM.map((name) => `test/unit/${name}.test.ts`),
          isolate: false,
        }),
      },
      project('property', 'property', { include: ['test/property/**/*.test.ts'], isolate: false }),
      project('integration', 'integration', {
        include: ['test/integration/**/*.test.ts'],
        isolate: false,
        ...BUILT,
      }),
      project('integration', 'eager', { include: ACTORS, isolate: false, ...EAGER }),
      // Whole processes, sockets and files.
      project('integration', 'system', {
        include: ['test/system/**/*.test.ts'],
        exclude: ISOLATED,
        isolate: false,
        ...WAITING,
        ...BUILT,
      }),
      // Against the sources, some of whose modules they replace.
      project('integration', 'isolated', { include: ISOLATED, ...WAITING }),
      // Chromium, one in each process, and what the pages are built of.
      project('integration', 'browser', {
        include: ['test/browser/**/*.test.ts'],
        exclude: [...unless('TEST_LONG', 'speed'), ...unless('PICTURES', 'pictures')],
        isolate: false,
        ...BUILT,
      }),
      project('docs', 'docs', {
        include: ['test/docs/**/*.test.ts'],
        isolate: false,
        ...BUILT,
      }),
      {
        extends: true,
        test: {
          name: 'types',
          ...BUILT,
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            tsconfig: 'tsconfig.types.json',
            include: ['test/types/**/*.test-d.ts'],
          },
        },
      },
    ],
  },
});
