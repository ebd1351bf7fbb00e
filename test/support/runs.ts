/** The number of runs of properties. */

import { isLong } from './length.ts';

/**
 * Parameters for `fc.assert`: the given number of runs in long tests, otherwise a twentieth, or a tenth where that is
 * less than five. `FC_NUM_RUNS` and `FC_SEED` override that.
 */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  const { FC_NUM_RUNS: asked, FC_SEED: seed } = process.env;
  return {
    numRuns: asked === undefined ? (isLong ? numRuns : shortened(numRuns)) : Number(asked),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}

function shortened(numRuns: number): number {
  return Math.max(Math.ceil(numRuns / 20), Math.min(5, Math.ceil(numRuns / 10)));
}
