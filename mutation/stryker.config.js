export default {
  mutate: ['src/kit/**/*.ts', 'src/machines/**/*.ts', 'src/pool/**/*.ts'],
  plugins: ['@stryker-mutator/vitest-runner', `${import.meta.dirname}/reporter.js`],
  testRunner: 'vitest',
  // Which tests reach a mutant is known from the first run: no need to search the imports of all tests each time.
  vitest: { configFile: 'mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // What runs while modules load would need all tests each.
  ignoreStatic: true,
  concurrency: 2,
  // The first run takes minutes where something else runs, too.
  dryRunTimeoutMinutes: 60,
  // What waits for ever is ended by the time limit of its test, what runs for ever by the number of its steps.
  timeoutMS: 300_000,
  reporters: ['survivors', 'progress-append-only', 'clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportMutants: false },
  htmlReporter: { fileName: 'reports/mutation/index.html' },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  thresholds: { high: 95, low: 88, break: null },
  ignorePatterns: [
    '/bench',
    '/build',
    '/dist',
    '/docs',
    '/examples',
    '/mutation/node_modules',
    '/reports',
  ],
  // Stryker would rewrite a tsconfig by means of an API that TypeScript 7 does not have. The tests
  // do not need one, so it is sent to look for a file that does not exist.
  tsconfigFile: 'no-tsconfig',
};
