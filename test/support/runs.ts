/** How often properties run. */

/** Parameters for `fc.assert`. `FC_NUM_RUNS` and `FC_SEED` override what the test asks for. */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  const { FC_NUM_RUNS: asked, FC_SEED: seed } = process.env;
  return {
    numRuns: asked === undefined ? numRuns : Number(asked),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
