import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

const unit = (...names: string[]) => names.map((name) => `test/unit/${name}`);

/**
 * What is run for each mutant: the unit tests of what is mutated, in one mode of actors, and properties
 * cut short.
 */
export default defineConfig({
  resolve: base.resolve ?? {},
  oxc: base.oxc ?? {},
  test: {
    include: [
      'test/unit/*.test.ts',
      'test/unit/{actors,machines,recovery}/*.test.ts',
      'test/property/{flow,interleavings,queue,races,recovery,submissions}.test.ts',
    ],
    exclude: [
      // What they test is not mutated.
      ...unit('inspect*', 'option-names*', 'print*', 'regular-expressions*'),
      // They measure, or are slow with code that counts what it runs.
      ...unit('costs*', 'diagnostics*', 'fake-timers*', 'limit-keys*', 'memory-store*'),
      ...unit('recovery/many*', 'slow-store*'),
    ],
    env: { TASKPOOL_ACTORS: 'lazy', FC_NUM_RUNS: '10', FC_SEED: '1' },
    // Stryker has its own timeout for each mutant.
    testTimeout: 600_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
