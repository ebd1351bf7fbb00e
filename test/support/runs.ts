/** The number of runs of properties. */

import { isLong } from './length.ts';

/**
 * Parameters for `fc.assert`: the given number of runs in long tests, otherwise a tenth. `FC_NUM_RUNS` and `FC_SEED`
 * override that.
 */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  const { FC_NUM_RUNS: asked, FC_SEED: seed } = process.env;
  return {
    numRuns: asked === undefined ? Math.ceil(isLong ? numRuns : numRuns / 10) : Number(asked),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
