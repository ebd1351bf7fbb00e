import { defineConfig } from 'vitest/config';

/** Where a report for `scripts/summarize-tests.js` goes, if one is wanted. */
const report = process.env['TEST_REPORT'];

/** The packed package on many runtimes, and under many compilers: `npm run test:runtimes`. */
export default defineConfig({
  test: {
    include: ['test/runtimes/**/*.test.ts'],
    globalSetup: ['test/runtimes/setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    retry: process.env['CI'] ? 2 : 0,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
