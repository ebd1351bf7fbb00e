import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from '../vitest.config.ts';

const unit = (...names: string[]) => names.map((name) => `test/unit/${name}`);

/** What failed last comes first, since the next mutant is near the one before; then what is quick. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const rank = ({ project, moduleId }: TestSpecification) => {
      const file = relative(this.ctx.config.root, moduleId);
      const last = this.ctx.cache.getFileTestResults(`${project.name}:${file}`);
      return last?.failed ? 0 : (last?.duration ?? Number.POSITIVE_INFINITY);
    };
    return [...files].sort((one, other) => rank(one) - rank(other));
  }
}

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
      'test/unit/remote/placed.test.ts',
      'test/property/{capture,checkpoint,compile,flow,interleavings,limits,queue}.test.ts',
      'test/property/{races,recovery,relay,replay,submissions}.test.ts',
    ],
    exclude: [
      // What they test is not mutated.
      ...unit('close-on-signal*', 'diagnostics*', 'inspect*', 'printable*', 'regular-expressions*'),
      // They measure, are slow, or replace timers.
      ...unit('any-value*', 'costs*', 'fake-timers*', 'memory-store*'),
      ...unit('recovery/many*', 'slow-store*'),
    ],
    env: { TASKPOOL_ACTORS: 'lazy', FC_NUM_RUNS: '5', FC_SEED: '1' },
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    // One that fails by chance would end the first run, or notice a mutant that it does not.
    retry: { count: 1, condition: /^(?!Test timed out)/ },
    // What a mutant lets wait for ever.
    testTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    experimental: { fsModuleCache: true },
  },
});
