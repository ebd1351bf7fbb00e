import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** What Stryker runs for each mutant: one actor mode, and property tests cut short. */
export default defineConfig({
  resolve: base.resolve ?? {},
  oxc: base.oxc ?? {},
  test: {
    include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'],
    // They watch the heap, which is not theirs alone here, and what they test is not mutated.
    exclude: ['test/unit/inspect*.test.ts'],
    env: { TASKPOOL_ACTORS: 'lazy', FC_NUM_RUNS: '25', FC_SEED: '1' },
    // Stryker has its own timeout for each mutant.
    testTimeout: 600_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
