/** A value that drifts and is measured with errors: a Kalman filter of one dimension. */

export interface Estimate {
  readonly mean: number;
  readonly variance: number;
  /** How much the latest measurement counted, from 0 to 1: less, the less it was to be trusted. */
  readonly gain: number;
}

/** Of a single measurement. */
export function estimate(mean: number, error: number): Estimate {
  return { mean, variance: error ** 2, gain: 1 };
}

/** With one more measurement. `drift`: by which share of itself the value may have changed since. */
export function update(
  known: Estimate | undefined,
  value: number,
  error: number,
  drift: number,
): Estimate {
  if (known === undefined) return estimate(value, error);
  const variance = known.variance + (drift * known.mean) ** 2;
  const gain = variance / (variance + error ** 2);
  // Without any error, and beyond what numbers hold.
  if (!Number.isFinite(gain)) return estimate(value, error);
  return { mean: known.mean + gain * (value - known.mean), variance: (1 - gain) * variance, gain };
}

export function errorOf({ variance }: Estimate): number {
  return Math.sqrt(variance);
}
