import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';
import base from '../vitest.config.ts';

/** The sources with their mutants, by path. */
let texts: Record<string, string> | undefined;

function textOf(id: string): string | undefined {
  texts ??= read(read<{ sources: string }>(process.env['MUTATION_TASK'] as string).sources);
  return texts?.[relative(process.cwd(), id)];
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** Loads the sources with their mutants. */
const mutated: Plugin = {
  name: 'mutated',
  enforce: 'pre',
  load: textOf,
  configureVitest: ({ experimental_defineCacheKeyGenerator: define }) => {
    define(({ id }) => textOf(id));
  },
};

/** One process with all tests that may notice a mutant; `runner.ts` decides which of them are run when. */
export default defineConfig({
  plugins: [mutated],
  resolve: base.resolve ?? {},
  oxc: base.oxc ?? {},
  test: {
    include: ['mutation/all-tests.test.ts'],
    runner: 'mutation/runner.ts',
    pool: 'forks',
    execArgv: ['--expose-gc'],
    env: { TASKPOOL_ACTORS: 'lazy', FC_NUM_RUNS: '5', FC_SEED: '1' },
    isolate: false,
    experimental: { fsModuleCache: true },
    // `runner.ts` has limits of its own.
    testTimeout: 600_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    silent: true,
    reporters: ['dot'],
  },
});
