/** How often properties run. */

import { isLong } from './length.ts';

/**
 * Parameters for `fc.assert`: so many runs in the long tests, a tenth of them otherwise. `FC_NUM_RUNS` and
 * `FC_SEED` override that.
 */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  const { FC_NUM_RUNS: asked, FC_SEED: seed } = process.env;
  return {
    numRuns: asked === undefined ? Math.ceil(isLong ? numRuns : numRuns / 10) : Number(asked),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
